#!/usr/bin/env bash
# Builds Talon, checks its formatting and runs every test project.
#
# usage: tests/run.sh [Debug|Release]        (default: Release)
#
# Its last line is "N passed, N failed, N skipped". Exit code 0: everything was built and formatted, at least one test ran, and
# none failed; 1: not so; 2: wrong usage. Needs the .NET SDK of global.json, and for the tests of the journal on PostgreSQL Debian's
# package postgresql, which is installed when the script is root; without it they are skipped, with CI=true they fail. So it is with
# the packages tcpdump and iproute2 for a capture with the real tcpdump. Everything else comes from NuGet.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

configuration=${1:-Release}
case $configuration in
  Debug | Release) ;;
  *) echo "usage: tests/run.sh [Debug|Release]" >&2; exit 2 ;;
esac

# No build server outlives the run: it would keep the output of a pipeline open.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
exec </dev/null

results=$root/artifacts/test-results
troubles=()

say() { printf '\n== %s\n' "$*"; }
trouble() { troubles+=("$*"); echo "FAILED: $*" >&2; }

finish() {
  say "result"
  local line
  for line in ${troubles[@]+"${troubles[@]}"}; do echo "FAILED: $line"; done
  echo "$1 passed, $2 failed, $3 skipped"
  [ "${#troubles[@]}" -eq 0 ] && [ "$1" -gt 0 ] && [ "$2" -eq 0 ]
  exit
}

# --- what the suite needs beyond the SDK -------------------------------------------------------------------------------------
# Every test brings its own Kubernetes API and its own database; the programs of PostgreSQL have to be there, and no server of Debian's
# may be started by their package. What a slim image may lack besides: certificates to reach NuGet.
say "packages"
wanted=()
[ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/ssl/cert.pem ] || wanted+=(ca-certificates)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || wanted+=(postgresql)
command -v tcpdump >/dev/null || wanted+=(tcpdump)
command -v ip >/dev/null || wanted+=(iproute2)
if [ "${#wanted[@]}" -eq 0 ]; then
  echo "nothing to install"
elif [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  fi
  if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy -o Dpkg::Options::=--force-confold --no-install-recommends "${wanted[@]}"; }; then
    echo "skipped: apt could not install ${wanted[*]}; NuGet may be out of reach, tests that need them are skipped"
  fi
else
  echo "skipped: ${wanted[*]} (needs root and apt); NuGet may be out of reach, tests that need them are skipped"
fi
if [ -z "${TALON_TEST_KUBECONFIG:-}" ]; then
  echo "TALON_TEST_KUBECONFIG is not set: the end-to-end tests use the in-memory Kubernetes API only"
fi

if ! command -v dotnet >/dev/null; then
  trouble "dotnet is not on the PATH; install the .NET SDK $(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' global.json) or newer"
  finish 0 0 0
fi

# --- build ---------------------------------------------------------------------------------------------------------------
# The benchmarks are programs to be run by hand; they are built here so that they cannot rot.
say "build ($configuration)"
if ! dotnet build Talon.sln -c "$configuration" -v quiet -nologo; then
  trouble "the solution does not build"
  finish 0 0 0
fi

say "format"
dotnet format Talon.sln --verify-no-changes --no-restore || trouble "dotnet format would change files; run: dotnet format Talon.sln"

# --- tests ---------------------------------------------------------------------------------------------------------------
rm -rf "$results"
mkdir -p "$results"
projects=(tests/*.Tests/*.csproj)
for project in "${projects[@]}"; do
  name=$(basename "$project" .csproj)
  # A project without a single test yet has nothing to run.
  if ! grep -rqE '\[(Fact|Theory)' --include='*.cs' --exclude-dir=bin --exclude-dir=obj "$(dirname "$project")"; then
    say "$name: no tests"
    continue
  fi

  say "$name"
  # The hang limit is far above the longest test: it only keeps a stuck run from lasting for ever.
  dotnet test "$project" -c "$configuration" --no-build -v quiet -nologo \
    --logger "trx;LogFileName=$name.trx" --results-directory "$results" --blame-hang --blame-hang-timeout 10min --blame-hang-dump-type none
  code=$?
  if [ ! -s "$results/$name.trx" ]; then
    trouble "$name left no results (exit code $code)"
  elif [ "$code" -ne 0 ]; then
    trouble "$name (exit code $code)"
  fi
done

# Each trx has one element such as <Counters total="9" executed="8" passed="8" failed="0" ... notExecuted="1" ... />.
counter() {
  local file=$1 name=$2 value
  value=$(tr -d '\r\n' <"$file" | sed -n 's/.*<Counters \([^>]*\)>.*/\1/p' | sed -n "s/.*\\b$name=\"\\([0-9]*\\)\".*/\\1/p")
  echo "${value:-0}"
}

passed=0 failed=0 skipped=0
for file in "$results"/*.trx; do
  [ -e "$file" ] || continue
  total=$(counter "$file" total)
  ok=$(counter "$file" passed)
  executed=$(counter "$file" executed)
  passed=$((passed + ok))
  failed=$((failed + executed - ok))
  skipped=$((skipped + total - executed))
done
[ "$passed" -gt 0 ] || trouble "no test passed"
finish "$passed" "$failed" "$skipped"
