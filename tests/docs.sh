#!/usr/bin/env bash
# Writes the generated blocks of docs/ anew: the tables of actionners, outputs, notifiers, contexts and configuration keys.
# What stands around the blocks is kept. Say Debug or Release; the default is Release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
TALON_WRITE_DOCS=true dotnet test tests/Talon.Architecture.Tests -c "${1:-Release}" -v quiet -nologo \
  --filter "FullyQualifiedName~GeneratedPageTests.Page_Blocks_AreWhatTheProgramSays"
git status --short docs
