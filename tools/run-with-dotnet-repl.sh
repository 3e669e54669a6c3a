#!/usr/bin/env bash
# Executes the notebooks with dotnet-repl, as another host than our own runner, in the quick profile.
#   tools/run-with-dotnet-repl.sh [NOTEBOOK…]      all lessons when none is named
# Exit codes: 0 every notebook succeeded, 1 a notebook failed, 3 dotnet-repl cannot be installed here.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
root=$PWD
version=$(sed -n '/"dotnet-repl"/,/}/s/.*"version": "\(.*\)".*/\1/p' .config/dotnet-tools.json)

tool=$(command -v dotnet-repl || true)
if [ -z "$tool" ]; then
  tool=$root/artifacts/tools/dotnet-repl
  if [ ! -x "$tool" ] && ! log=$(dotnet tool install dotnet-repl --version "$version" --tool-path artifacts/tools 2>&1); then
    printf '%s\n' "$log" | tail -n 3
    echo "dotnet-repl $version cannot be installed from this machine's package sources, so no notebook was run with it."
    echo "Our own runner executes the same notebooks: dotnet run --project src/NotebookRunner"
    exit 3
  fi
fi
"$tool" --version

dotnet build src/NotebookRunner --nologo -v quiet || exit 1   # the notebooks load artifacts/NotebookHelpers
export WORKBOOK_PROFILE=${WORKBOOK_PROFILE:-quick}
if [ "$#" -eq 0 ]; then set -- notebooks/*.ipynb; fi
failed=0
for notebook in "$@"; do
  file=$(realpath "$notebook")
  # No --output-path: dotnet-repl would rewrite the notebook's metadata.
  if (cd "$(dirname "$file")" && "$tool" --run "$file" --working-dir "$(dirname "$file")" --exit-after-run); then
    echo "$notebook: succeeded"
  else
    echo "$notebook: FAILED"
    failed=1
  fi
done
exit "$failed"
