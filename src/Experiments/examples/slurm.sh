#!/bin/bash
#SBATCH --job-name=ingredients
#SBATCH --array=1-8
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --time=01:00:00
#SBATCH --requeue
# sbatch src/Experiments/examples/slurm.sh, from the repository, built once before with: dotnet build -c Release src/Experiments
# Eight slices, a file each; a slice that is requeued goes on with what it lacks. At the end:
#   cat ingredients-*.jsonl > data/results/ingredients.jsonl
set -euo pipefail
export OMP_NUM_THREADS=1
slices=8   # as in --array; fixed, so that one slice alone can be submitted again (sbatch --array=3)
dotnet run -c Release --no-build --project src/Experiments -- run ingredients \
  --shard "$SLURM_ARRAY_TASK_ID/$slices" --threads 1 --results "ingredients-$SLURM_ARRAY_TASK_ID.jsonl"
