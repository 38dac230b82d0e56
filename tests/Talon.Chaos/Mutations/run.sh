#!/usr/bin/env bash
# usage: run.sh SUITE [MUTATION...]: SUITE is Talon.Chaos.dll; tests/chaos.sh --mutations builds it and calls this.
#
# Each *.patch here is one planted bug; its first lines say what it is and by which scenario (and seed) it must be caught. The bug is
# put into a copy of the sources, talon is built from the copy, and the unchanged suite runs the scenario against it.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
suite=$1
shift

copy=$(mktemp -d -t talon-mutation-XXXXXX) || exit 3
trap 'rm -rf "$copy"' EXIT
cp -r "$root"/{src,hocon,Directory.Build.props,Directory.Packages.props,NuGet.config,global.json,BannedSymbols.txt,.editorconfig} "$copy"/
cp "$root"/*.globalconfig "$copy"/
find "$copy" -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +

field() { sed -n "s/^$2: //p" "$1" | head -n 1; }

names=("$@")
[ "${#names[@]}" -gt 0 ] || for file in "$here"/*.patch; do names+=("$(basename "$file" .patch)"); done

rows=()
code=0
for name in "${names[@]}"; do
  patch=$here/$name.patch
  [ -e "$patch" ] || { echo "there is no mutation $name" >&2; exit 2; }
  bug=$(field "$patch" bug)
  scenario=$(field "$patch" scenario)
  seed=$(field "$patch" seed)
  echo "== $name: $bug"
  if ! patch -s -p1 -d "$copy" <"$patch"; then
    echo "the patch does not apply" >&2
    exit 3
  fi

  if ! dotnet build "$copy/src/Talon.Host" -c Release -v quiet -nologo -p:RunAnalyzersDuringBuild=false; then
    echo "$name does not build" >&2
    exit 3
  fi

  log=$copy/$name.log
  dotnet exec "$suite" --scenario "$scenario" --seed "${seed:-1}" --folder "$copy/run-$name" \
    --talon "$copy/src/Talon.Host/bin/Release/net10.0/talon.dll" >"$log" 2>&1
  result=$?
  cat "$log"
  if [ "$result" -eq 1 ]; then
    evidence=$(grep -m 1 -E '^- ' "$log" | cut -c 3-240)
    rows+=("| $name: $bug | $scenario | caught: ${evidence//|/\\|} |")
  else
    rows+=("| $name: $bug | $scenario | NOT CAUGHT (exit code $result) |")
    code=1
  fi

  rm -rf "$copy/run-$name"
  patch -s -R -p1 -d "$copy" <"$patch" || exit 3
done

echo
echo "| planted bug | scenario | result |"
echo "|---|---|---|"
printf '%s\n' "${rows[@]}"
exit $code
