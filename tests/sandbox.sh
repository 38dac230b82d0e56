#!/usr/bin/env bash
# Shows Talon at work on this machine, and what is to be seen while it is still being built. Needs the .NET SDK.
#
# usage: tests/sandbox.sh [OPTIONS]        (--help tells them)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

cat <<'END'
Talon sandbox: a Falco event ends a pod.

  sent      an alert is posted, as Falcosidekick does: 'Terminal shell in container', in the pod shop/cart
  journal   Accepted: the event and its plan are on the disk; only now the answer is HTTP 200
  match     the rule 'Shell in a container' says kubernetes:terminate
  api       the pod is read: its uid is the one that will be deleted, and no other
  journal   Started: written before the action, so that a crash cannot do it twice
  api       DELETE, only if the pod still has that uid
  journal   Finished: success
  gone      the pod is no more; a pod beside it still runs

Kubernetes is a stand-in in memory, talon server is the real one. Building it; the first time its packages are downloaded.
END

# What a try does not need: the analysers, and the question whether packages have known faults.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build "$root/tests/Talon.Sandbox" -c Debug -v quiet -nologo -p:RunAnalyzers=false -p:GenerateDocumentationFile=false -p:NuGetAudit=false
exec dotnet "$root/tests/Talon.Sandbox/bin/Debug/net10.0/talon-sandbox.dll" "$@"
