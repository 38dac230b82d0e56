#!/usr/bin/env bash
# Builds Talon, checks its formatting and runs its tests.
#
# usage: tests/run.sh [all|fast|full] [Debug|Release]        (default: all Release)
#
# all: what the continuous integration runs. full: beside it the long tests, marked with the trait Scope=Full. fast: what one runs before each commit; the build is not analysed, and of the tests only
# those run that need neither a cluster nor a database (see docs/contributing/testing.md).
#
# Its last line is "N passed, N failed, N skipped". Exit code 0: everything was built and formatted, at least one test ran, and
# none failed; 1: not so; 2: wrong usage. Needs the .NET SDK of global.json, and for the tests of the journal on PostgreSQL Debian's
# package postgresql, which is installed when the script is root; without it they are skipped, with CI=true they fail. So it is with
# the packages tcpdump and iproute2 for a capture with the real tcpdump. What stands for clouds comes by tests/tools.sh; with
# TALON_TEST_REQUIRE=all a test that lacks it fails. Everything else comes from NuGet.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

usage() { echo "usage: tests/run.sh [all|fast|full] [Debug|Release]" >&2; exit 2; }

scope=all
configuration=Release
case ${1:-} in
  all | fast | full) scope=$1; shift ;;
esac
case ${1:-Release} in
  Debug | Release) configuration=${1:-Release} ;;
  *) usage ;;
esac
[ $# -le 1 ] || usage

# No build server outlives the run: it would keep the output of a pipeline open.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
exec </dev/null

results=$root/artifacts/test-results
troubles=()
times=()

say() { printf '\n== %s\n' "$*"; }
trouble() { troubles+=("$*"); echo "FAILED: $*" >&2; }

# Runs a step and notes how long it took.
timed() {
  local name=$1 from=$SECONDS code
  shift
  "$@"
  code=$?
  times+=("$((SECONDS - from)) $name")
  return $code
}

# What failed comes last, so that it is seen where only the end of a long output is kept: up to 60 lines a test, of ten tests a project.
tell_failures() {
  local log
  for log in "$results"/*.Tests.log; do
    grep -q '^  Failed ' "$log" 2>/dev/null || continue
    say "failed in $(basename "$log" .log)"
    awk '
      /^  Failed / { if (++tests > 10) exit; lines = 0 }
      /^(Passed|Failed)! / { tests = 0 }
      tests > 0 && ++lines <= 60 { print substr($0, 1, 1000) }' "$log"
  done
}

finish() {
  [ "$2" -eq 0 ] || tell_failures
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
if [ "$scope" != fast ]; then
  timed "test tools" timeout --foreground -k 10 5m tests/tools.sh || echo "skipped: tests/tools.sh did not end; tests that need what it fetches are skipped"
fi
if [ -z "${TALON_TEST_KUBECONFIG:-}" ]; then
  echo "TALON_TEST_KUBECONFIG is not set: the end-to-end tests use the in-memory Kubernetes API only"
fi

if ! command -v dotnet >/dev/null; then
  trouble "dotnet is not on the PATH; install the .NET SDK $(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' global.json) or newer"
  finish 0 0 0
fi

# --- build and format ----------------------------------------------------------------------------------------------------
# The benchmarks are programs to be run by hand; they are built here so that they cannot rot. One compiler serves all projects and loads
# the analyzers once. It has a name of its own, so that ending it disturbs no other build.
compiler=talon-$$
build=(dotnet build Talon.sln -c "$configuration" -v quiet -nologo -p:UseSharedCompilation=true "-p:SharedCompilationId=$compiler")
[ "$scope" != fast ] || build+=(-p:RunAnalyzers=false)

stop_compiler() {
  local sdk
  sdk=$(dotnet --info | sed -n 's/^ *Base Path: *//p')
  dotnet "$sdk/Roslyn/bincore/VBCSCompiler.dll" -shutdown "-pipename:$compiler" >/dev/null 2>&1
}
trap stop_compiler EXIT

say "build ($configuration)"
timed "build" "${build[@]}"
built=$?
stop_compiler
trap - EXIT
if [ "$built" -ne 0 ]; then
  trouble "the solution does not build"
  finish 0 0 0
fi

# The build fails on style (.editorconfig), SourceStyleTests on the two rules that no build checks. What is left are the characters of the
# files, and those need no analysis.
say "format"
timed "format" dotnet format whitespace . --folder --verify-no-changes || trouble "dotnet format would change files; run: dotnet format Talon.sln"

# --- tests ---------------------------------------------------------------------------------------------------------------
rm -rf "$results"
mkdir -p "$results"

# The longest come first. A project that is not named runs as well.
projects=(Talon.EndToEnd.Tests Talon.Chaos.Tests Talon.Actors.Tests Talon.Cluster.Tests Talon.Host.Tests)
for project in tests/*.Tests/; do
  name=$(basename "$project")
  case " ${projects[*]} " in
    *" $name "*) ;;
    *) projects+=("$name") ;;
  esac
done

# Compiles the programs under test ahead of time: the end-to-end tests start them a hundred times. Where that cannot be done they start cold.
compile_ahead() {
  local from=$SECONDS folder=$root/tests/Talon.FaultHost/bin/$configuration/ahead
  if dotnet build tests/Talon.FaultHost -c "$configuration" -v quiet -nologo -p:BuildProjectReferences=false -p:RunAnalyzers=false -p:CompileAhead=true \
      >"$results/ahead.log" 2>&1; then
    export TALON_TEST_PROGRAMS=$folder
  else
    { say "the programs under test could not be compiled ahead of time, they start cold"; cat "$results/ahead.log"; } >&2
  fi
  echo "$((SECONDS - from)) programs compiled ahead" >"$results/ahead.seconds"
}

run_project() {
  local name=$1 log=$results/$1.log from code filter=()
  # A project without a single test yet has nothing to run.
  if ! grep -rqE '\[(Fact|Theory)' --include='*.cs' --exclude-dir=bin --exclude-dir=obj "tests/$name"; then
    say "$name: no tests"
    touch "$results/$name.none"
    return
  fi
  case $scope:$name in
    fast:Talon.EndToEnd.Tests | fast:Talon.Chaos.Tests) touch "$results/$name.none"; return ;;
    fast:*) filter=(--filter "Speed!=Slow") ;;
    all:Talon.EndToEnd.Tests) filter=(--filter "Scope!=Full"); compile_ahead ;;
    *:Talon.EndToEnd.Tests) compile_ahead ;;
  esac

  from=$SECONDS
  # The hang limit is far above the longest test: it only keeps a stuck run from lasting for ever.
  timeout --foreground -k 30 45m dotnet test "tests/$name/bin/$configuration/net10.0/$name.dll" --logger "console;verbosity=minimal" ${filter[@]+"${filter[@]}"} \
    --logger "trx;LogFileName=$name.trx" --results-directory "$results" --blame-hang --blame-hang-timeout 10min --blame-hang-dump-type none >"$log" 2>&1
  code=$?
  if [ ! -s "$results/$name.trx" ]; then
    echo "$name left no results (exit code $code)" >"$results/$name.trouble"
  elif [ "$code" -ne 0 ]; then
    echo "$name (exit code $code)" >"$results/$name.trouble"
  fi
  echo "$((SECONDS - from)) $name" >"$results/$name.seconds"
  # Whole, also when the other lane prints at the same time.
  (
    flock 9 2>/dev/null
    say "$name ($((SECONDS - from)) s)"
    cat "$log"
  ) 9>"$results/lock"
}

# Two lanes run side by side; each takes the next project that the other has not taken.
lane() {
  local name
  for name in "${projects[@]}"; do
    if mkdir "$results/$name.taken" 2>/dev/null; then run_project "$name"; fi
  done
}

tests_from=$SECONDS
# Each lane is a process group, to be ended with all that it started.
set -m
lane &
one=$!
lane &
two=$!
set +m
trap 'kill -TERM -- "-$one" "-$two" 2>/dev/null; exit 130' INT TERM HUP
wait "$one" "$two"
trap - INT TERM HUP
times+=("$((SECONDS - tests_from)) tests, both lanes")

# A lane that ended early left a project out.
for name in "${projects[@]}"; do
  if [ -e "$results/$name.trouble" ]; then
    trouble "$(cat "$results/$name.trouble")"
  elif [ ! -e "$results/$name.seconds" ] && [ ! -e "$results/$name.none" ]; then
    trouble "$name did not run"
  fi
done

# --- what it took --------------------------------------------------------------------------------------------------------
say "seconds"
{ printf '%s\n' "${times[@]}"; cat "$results"/*.seconds 2>/dev/null; } | awk '{ seconds = $1; sub(/^[0-9]+ /, ""); printf "%6d  %s\n", seconds, $0 }'

# Each trx has one element such as <UnitTestResult ... testName="Namespace.Class.Method(argument: 1)" ... duration="00:00:01.5" ... /> a test.
say "seconds of the twenty slowest classes"
cat "$results"/*.trx 2>/dev/null | grep -o '<UnitTestResult [^>]*>' | awk '
  match($0, / testName="[^"]*"/) {
    name = substr($0, RSTART + 11, RLENGTH - 12)
    sub(/\(.*/, "", name)
    sub(/\.[^.]*$/, "", name)
    if (match($0, / duration="[^"]*"/)) {
      split(substr($0, RSTART + 11, RLENGTH - 12), part, ":")
      seconds[name] += part[1] * 3600 + part[2] * 60 + part[3]
      count[name]++
    }
  }
  END { for (name in seconds) printf "%8.1f  %s (%d)\n", seconds[name], name, count[name] }' | sort -rn | head -20

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
