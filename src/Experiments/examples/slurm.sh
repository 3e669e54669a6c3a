#!/bin/bash
#SBATCH --array=1-8
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --time=04:00:00
#SBATCH --requeue
# First, once, into a folder that all nodes see:   src/Experiments/examples/publish.sh /shared/experiments
# Then:   sbatch --job-name=ingredients --export=ALL,PROGRAM=/shared/experiments,WORKBOOK_DATA=/shared/mnist slurm.sh
# The job's name is the grid's. Eight slices, a file each; a slice that is submitted again, or requeued after its node failed, does only
# what it lacks. --requeue does not cover the time limit: give a limit for all jobs of a slice, or submit the same again.
# One core and one thread a slice: more slices use more cores better than more threads do (data/results/jobs.txt). At the end:
#   dotnet run -c Release --project src/Experiments -- report ingredients --results ingredients-*.jsonl
set -euo pipefail
slices=8   # as in --array; fixed, so that one slice alone can be submitted again (sbatch --array=3)
export OMP_NUM_THREADS=$SLURM_CPUS_PER_TASK NUGET_PACKAGES=$PROGRAM/packages
dotnet "$PROGRAM/program/Experiments.dll" run "$PROGRAM/grids/$SLURM_JOB_NAME.json" \
  --shard "$SLURM_ARRAY_TASK_ID/$slices" --threads "$SLURM_CPUS_PER_TASK" --results "$SLURM_JOB_NAME-$SLURM_ARRAY_TASK_ID.jsonl"
