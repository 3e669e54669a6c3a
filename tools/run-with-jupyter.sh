#!/usr/bin/env bash
# Executes the notebooks in the released Polyglot kernel through Jupyter, in the quick profile: what a reader of the
# Jupyter extension or of JupyterLab has. Needs `jupyter nbconvert` (Debian: jupyter-nbconvert).
#   tools/run-with-jupyter.sh [NOTEBOOK…]      all lessons when none is named
# Executed copies: artifacts/hosts/jupyter. Exit codes: 0 every notebook succeeded, 1 a notebook failed, 3 a tool is missing,
# which artifacts/hosts/jupyter.missing then names.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
out=${WORKBOOK_HOSTS:-$PWD/artifacts/hosts}/jupyter
mkdir -p "$out" && rm -f "$out.missing"
missing() { # why no notebook can be run: for the reader, and for the tests that look for the copies
  printf '%s\n' "$*" | tee "$out.missing"
  exit 3
}

jupyter nbconvert --version >/dev/null 2>&1 ||
  missing "jupyter nbconvert is not installed, so no notebook was run in Jupyter (Debian: apt install jupyter-nbconvert)."
export DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT=1
dotnet tool restore || missing "The released kernel cannot be restored from this machine's package sources."
mkdir -p "$out/share/kernels" && rm -f "$out"/*.ipynb
dotnet dotnet-interactive jupyter install --path "$out/share/kernels" || missing "The released kernel cannot be installed for Jupyter."
export JUPYTER_PATH=$out/share

dotnet build src/NotebookRunner --nologo -v quiet || exit 1   # the notebooks load artifacts/NotebookHelpers
export WORKBOOK_PROFILE=${WORKBOOK_PROFILE:-quick}
if [ "$#" -eq 0 ]; then set -- notebooks/*.ipynb; fi
failed=0
for notebook in "$@"; do
  if jupyter nbconvert --log-level WARN --to notebook --execute --ExecutePreprocessor.kernel_name=.net-csharp \
    --ExecutePreprocessor.timeout=900 --output-dir "$out" "$notebook" </dev/null; then
    echo "$notebook in Jupyter: succeeded"
  else
    echo "$notebook in Jupyter: FAILED"
    failed=1
  fi
done
exit "$failed"
