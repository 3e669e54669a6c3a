#!/usr/bin/env bash
# Executes the notebooks with dotnet-repl, as another host than our own runner, in the quick profile.
#   tools/run-with-dotnet-repl.sh [NOTEBOOK…]      all lessons when none is named
# Executed copies: artifacts/hosts/dotnet-repl. Exit codes: 0 every notebook succeeded, 1 a notebook failed, 3 the tool is missing:
# artifacts/hosts/dotnet-repl.missing then says why.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
out=${WORKBOOK_HOSTS:-$PWD/artifacts/hosts}/dotnet-repl
mkdir -p "$out" && rm -f "$out.missing"

if ! dotnet tool restore; then
  echo "dotnet-repl cannot be restored from this machine's package sources, so no notebook was run with it." | tee "$out.missing"
  echo "Our own runner executes the same notebooks: dotnet run --project src/NotebookRunner"
  exit 3
fi
rm -f "$out"/*.ipynb
echo "dotnet-repl $(dotnet dotnet-repl --version)"

dotnet build src/NotebookRunner --nologo -v quiet || exit 1   # the notebooks load artifacts/NotebookHelpers
export WORKBOOK_PROFILE=${WORKBOOK_PROFILE:-quick}
limit=()
if command -v timeout >/dev/null; then limit=(timeout 900); fi
if [ "$#" -eq 0 ]; then set -- notebooks/*.ipynb; fi
failed=0
for notebook in "$@"; do
  file=$(realpath "$notebook")
  # A copy is written, never the notebook itself, whose metadata dotnet-repl would change.
  if (cd "$(dirname "$file")" && "${limit[@]}" dotnet dotnet-repl --run "$file" --working-dir "$(dirname "$file")" \
    --exit-after-run --output-path "$out/$(basename "$file")" </dev/null); then
    echo "$notebook with dotnet-repl: succeeded"
  else
    echo "$notebook with dotnet-repl: FAILED"
    failed=1
  fi
done
exit "$failed"
