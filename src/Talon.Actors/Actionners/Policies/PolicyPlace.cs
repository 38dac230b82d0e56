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

    /// <summary>It is not there yet, and goes under that name.</summary>
    public sealed record Free(ResourceName Name) : PolicyPlace;

    /// <summary>Its name is taken by what may not be written to.</summary>
    public sealed record Taken(ResourceName Name, string Reason) : PolicyPlace;

    /// <summary>A name could not be read: nothing is known.</summary>
    public sealed record Unread(KubeError Error) : PolicyPlace;

    /// <summary>
    /// Looks for the policy under the names it may have, and takes the first that is the workload's own, whichever it is: a workload
    /// never gets a second one. Only where none is, a new one goes under its own name, or under the reserve where that belongs to
    /// another workload. Nothing is ever made under a former name.
    /// </summary>
    /// <param name="names">The names.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="readAsync">Reads a name.</param>
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
