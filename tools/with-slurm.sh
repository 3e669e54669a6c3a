#!/usr/bin/env bash
# Runs a command beside a Slurm cluster of this machine alone, which ends with it:
#   tools/with-slurm.sh dotnet test --project tests/NotebookHelpers.Tests --filter-class '*SlurmTests'
# Needs Debian's slurm-wlm, and no rights: the daemons are the caller's own and live in a folder of their own, SLURM_CONF leads there,
# and nothing outside it is changed. Where a cluster answers already, that one is used; where none can be started, this says why and
# runs the command all the same. The exit code is the command's.
set -uo pipefail
[ "$#" -gt 0 ] || { echo "Usage: $0 COMMAND [ARGUMENT…]" >&2; exit 2; }
lifetime=7200   # seconds: not even a script that was killed leaves daemons for ever
patience=30     # seconds for each thing that is waited for
folder='' pids=() started=false

without() { # a reason
  echo "No Slurm cluster was started: $1." >&2
  for log in munged slurmctld slurmd; do [ ! -s "$folder/$log.log" ] || tail -n 5 "$folder/$log.log" >&2; done
  stop
  unset SLURM_CONF
}

daemon() { # name, command …
  timeout "$lifetime" "${@:2}" >"$folder/$1.log" 2>&1 &
  pids+=($!)
}

until_done() { # a command that succeeds when what is waited for is there, and takes 10 seconds at most
  for ((until = SECONDS + patience; SECONDS < until; )); do
    ! "$@" >/dev/null 2>&1 || return 0
    sleep 0.2
  done
  return 1
}

stop() {
  if "$started"; then
    timeout 10 scancel --user="$(id -un)" >/dev/null 2>&1
    until_done no_jobs
  fi
  if [ "${#pids[@]}" -gt 0 ]; then
    kill "${pids[@]}" 2>/dev/null
    wait "${pids[@]}"
  fi
  [ -z "$folder" ] || rm -rf "$folder"
  folder='' pids=() started=false
}

no_jobs() { jobs=$(timeout 10 squeue --noheader) && [ -z "$jobs" ]; }
free_node() { timeout 10 sinfo --noheader --format=%t 2>/dev/null | grep -qxE 'idle|mix'; }   # idle* is one that does not answer

start() {
  for program in munged slurmctld slurmd sbatch; do
    command -v "$program" >/dev/null || { without "there is no $program (Debian: apt install slurm-wlm)"; return; }
  done
  folder=$(mktemp -d) && mkdir "$folder/state" "$folder/spool"
  read -r cpus memory < <(slurmd -C | sed -nE 's/.* CPUs=([0-9]+) .* RealMemory=([0-9]+).*/\1 \2/p')
  host=$(hostname -s) user=$(id -un) port=$((20000 + RANDOM % 10000))
  cat >"$folder/slurm.conf" <<END
ClusterName=workbook
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=$user
SlurmdUser=$user
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=1,sched_interval=5
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=${cpus:-1} RealMemory=${memory:-2048}
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE
END
  export SLURM_CONF=$folder/slurm.conf
  (umask 077 && head -c 1024 /dev/urandom >"$folder/munge.key")
  daemon munged munged --foreground --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" \
    --pid-file="$folder/munged.pid" --seed-file="$folder/munged.seed"
  until_done timeout 10 munge --no-input --socket="$folder/munge.socket" || { without "munged did not answer"; return; }
  daemon slurmctld slurmctld -D
  daemon slurmd slurmd -D
  until_done free_node || { without "its node did not become free"; return; }
  started=true
}

trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
free_node || start
"$@"
