#!/bin/bash
# src/Experiments/examples/publish.sh FOLDER
# The program with all that a node needs beside the .NET runtime: the grids, and libtorch in FOLDER/packages, which is otherwise in the
# package folder of the user who built. On Linux; a node runs
#   NUGET_PACKAGES=FOLDER/packages dotnet FOLDER/program/Experiments.dll run FOLDER/grids/ingredients.json --results FILE
set -euo pipefail
[ $# -eq 1 ] || { echo "Usage: $0 FOLDER" >&2; exit 2; }
folder=$(realpath -m "$1")
cd "$(dirname "$0")/../../.."
dotnet publish -c Release src/Experiments -o "$folder/program"
mkdir -p "$folder/grids" "$folder/packages"
cp src/Experiments/grids/*.json "$folder/grids/"
packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
cp -r "$packages/torchsharp" "$packages/libtorch-cpu-linux-x64" "$folder/packages/"
