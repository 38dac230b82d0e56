#!/usr/bin/env bash
# Fetches the servers that stand for clouds and others in tests into artifacts/tools, once: what is there already is left alone.
#
# usage: tests/tools.sh
#
#   fauxqs               a server of the S3 API, from npm; it checks no signatures
#   functions-framework  runs a function as Google Cloud does, from npm
#   smtp-server          a mail server with STARTTLS and AUTH, from npm
#   moto                 S3, STS, IAM and Lambda of AWS with signatures checked, Debian's package python3-moto
#
# What cannot be had is told and left out, and the exit code is 0 all the same: tests that need it are skipped, and fail with
# TALON_TEST_REQUIRE=all. npm has to be there or is installed; moto needs root and apt. Nothing outside artifacts/tools changes but for
# Debian's own packages. Delete that folder to fetch everything anew.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$root/artifacts/tools
exec </dev/null

# The newest fauxqs wants a node that Debian's stable versions do not have.
packages=(fauxqs@1.9.2 @google-cloud/functions-framework@5.0.5 smtp-server@3.21.6)
# The first suite whose moto (5.2) takes the chunked bodies of the AWS SDK. All that is taken from it is plain Python, whatever the suite
# of this machine.
suite=forky
from_suite=(python3-moto python3-boto3 python3-botocore python3-responses python3-s3transfer python3-xmltodict)
from_system=(python3-flask python3-flask-cors python3-cryptography python3-werkzeug python3-jinja2 python3-requests python3-dateutil
  python3-docker python3-jmespath python3-antlr4 python3-yaml python3-multipart)

leave_out() { echo "left out: $*"; }
has_apt() { [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; }

install_from_system() {
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy -o Dpkg::Options::=--force-confold --no-install-recommends "$@"
}

# Whether a folder holds just these versions.
is_there() { [ "$(cat "$1/versions" 2>/dev/null)" = "$2" ] && echo "there: $2"; }

# Puts a folder in place that was filled beside: a run that is cut leaves nothing that looks whole.
place() {
  echo "$2" >"$1.new/versions"
  rm -rf "$1"
  mv "$1.new" "$1" && echo "fetched: $2"
}

fetch_npm() {
  local folder=$tools/npm
  ! is_there "$folder" "${packages[*]}" || return 0
  if ! command -v npm >/dev/null; then
    has_apt && install_from_system nodejs npm >/dev/null || { leave_out "${packages[*]} (needs npm)"; return; }
  fi
  rm -rf "$folder.new"
  mkdir -p "$folder.new"
  if npm install --prefix "$folder.new" --no-audit --no-fund --no-save --omit=optional --ignore-scripts --loglevel=error "${packages[@]}" >/dev/null; then
    place "$folder" "${packages[*]}"
  else
    leave_out "${packages[*]} (npm cannot fetch them)"
  fi
}

# Packages of another suite are unpacked beside the system: an apt with lists and sources of its own, from the mirror of this machine.
unpack_moto() {
  local folder=$1 apt=$1/apt mirror options
  mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/*.sources 2>/dev/null)
  [ -n "$mirror" ] || mirror=$(awk '/^deb / { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) { print $i; exit } }' /etc/apt/sources.list 2>/dev/null)
  [ -n "$mirror" ] || return 1
  mkdir -p "$apt/sources" "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/packages"
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
    "${mirror%-security}" "$suite" >"$apt/sources/suite.sources"
  options=(-o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$apt/sources" -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache"
    -o Dir::State::status=/dev/null -o APT::Sandbox::User=root)
  apt-get -qq "${options[@]}" update &&
    (cd "$apt/packages" && apt-get -qq "${options[@]}" download "${from_suite[@]}") || return 1
  local package
  for package in "$apt/packages"/*.deb; do dpkg-deb -x "$package" "$folder" || return 1; done
  rm -rf "$apt"
  # Compiled now, so that the first test need not wait for it.
  PYTHONPATH=$folder/usr/lib/python3/dist-packages timeout 60 /usr/bin/python3 -c 'import moto.server, moto.s3.responses, moto.sts.responses'
}

fetch_moto() {
  local folder=$tools/moto
  ! is_there "$folder" "moto of $suite" || return 0
  has_apt || { leave_out "moto (needs root and apt)"; return; }
  install_from_system python3 "${from_system[@]}" >/dev/null || { leave_out "moto (apt cannot install what it needs)"; return; }
  rm -rf "$folder.new"
  mkdir -p "$folder.new"
  if unpack_moto "$folder.new"; then
    place "$folder" "moto of $suite"
  else
    leave_out "moto (Debian's $suite cannot be reached, or it does not run on this Python)"
  fi
}

mkdir -p "$tools"
fetch_npm
fetch_moto
exit 0
