#!/usr/bin/env bash
# The fault suite: three real talon nodes, one PostgreSQL with fsync, the Kubernetes stand-in, and what may go wrong with them.
#
# usage: tests/chaos.sh [--seeds N] [--seed FIRST] [--scenario NAME[,NAME...]] [--folder DIR] [--out FILE]
#        tests/chaos.sh --mutations [NAME...]
#
# Without arguments it builds and runs every scenario over 3 seeds, which takes about an hour, and leaves the table in
# artifacts/chaos.md. With --mutations it plants the bugs of tests/Talon.Chaos/Mutations, one after the other, into a copy of the
# sources, and shows which scenario catches each.
#
# Exit code 0: nothing was lost, doubled or otherwise broken (all mutations were caught); 1: something was; 2: wrong usage; 3: the
# suite could not be run, or a fault did not bite. Needs the .NET SDK and PostgreSQL (apt-get install postgresql).
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 3
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

usage() { sed -n '4,5s/^# //p' "$0" >&2; exit 2; }

build() { dotnet build "$1" -c Release -v quiet -nologo -p:RunAnalyzersDuringBuild=false; }

version() {
  local number commit
  number=$(sed -n 's/.*<VersionPrefix>\(.*\)<\/VersionPrefix>.*/\1/p' Directory.Build.props)
  commit=$(git rev-parse --short HEAD 2>/dev/null || echo 'no commit')
  git diff --quiet HEAD 2>/dev/null || commit="$commit with changes"
  echo "$number ($commit)"
}

suite=tests/Talon.Chaos/bin/Release/net10.0/Talon.Chaos.dll

if [ "${1:-}" = --mutations ]; then
  shift
  build tests/Talon.Chaos || exit 3
  exec tests/Talon.Chaos/Mutations/run.sh "$root/$suite" "$@"
fi

out=artifacts/chaos.md
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --seeds | --seed | --scenario | --folder) [ $# -ge 2 ] || usage; arguments+=("$1" "$2"); shift 2 ;;
    --out) [ $# -ge 2 ] || usage; out=$2; shift 2 ;;
    *) usage ;;
  esac
done

build tests/Talon.Chaos || exit 3
mkdir -p "$(dirname "$out")"
exec dotnet exec "$suite" ${arguments[@]+"${arguments[@]}"} --out "$out" --version "$(version)"
