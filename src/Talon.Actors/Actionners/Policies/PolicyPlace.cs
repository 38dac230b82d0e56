using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Policies;

/// <summary>Where the policy of a workload is, or would be: a closed set.</summary>
internal abstract record PolicyPlace
{
    private PolicyPlace()
    {
    }

    /// <summary>It is there.</summary>
    public sealed record There(ResourceName Name, JsonObject Stored) : PolicyPlace;

    /// <summary>It does not exist yet, and will get that name.</summary>
    public sealed record Free(ResourceName Name) : PolicyPlace;

    /// <summary>A policy that may not be changed has its name.</summary>
    public sealed record Taken(ResourceName Name, string Reason) : PolicyPlace;

    /// <summary>A name could not be read: nothing is known.</summary>
    public sealed record Unread(KubeError Error) : PolicyPlace;

    /// <summary>
    /// Finds the policy under the names it may have and takes the first that is the workload's own, whichever it is: a workload never
    /// gets a second one. Where there is none, a new one gets its own name, or the reserve where the own name belongs to another
    /// workload. No new policy ever gets a former name.
    /// </summary>
    public static async Task<PolicyPlace> FindAsync(PolicyNames names, Workload workload, Func<ResourceName, Task<KubeResult<JsonObject>>> readAsync)
    {
        var read = new Dictionary<ResourceName, JsonObject?>();
        foreach (var name in new[] { names.Own, names.Former, names.Reserve }.Distinct())
        {
            var answer = await readAsync(name);
            if (answer.TryGet(out var stored, out var error))
            {
                if (TalonOwnership.Refusal(stored, workload) is null)
                {
                    return new There(name, stored);
                }
            }
            else if (error.Kind != FailureKind.NotFound)
            {
                return new Unread(error);
            }

            read[name] = stored;
        }

        return Decide(names, workload, read);
    }

    private static PolicyPlace Decide(PolicyNames names, Workload workload, Dictionary<ResourceName, JsonObject?> read)
    {
        if (read[names.Own] is not { } stored)
        {
            return new Free(names.Own);
        }

        if (!TalonOwnership.IsOfAnother(stored, workload))
        {
            return new Taken(names.Own, TalonOwnership.Refusal(stored, workload)!);
        }

        return read[names.Reserve] is { } reserve ? new Taken(names.Reserve, TalonOwnership.Refusal(reserve, workload)!) : new Free(names.Reserve);
    }
}
