using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;

namespace Talon.Actors.Actionners.Policies;

/// <summary>One kind of network policy, with what one action asks of it.</summary>
internal interface IPolicyForm
{
    ResourceType Type { get; }

    /// <summary>What is missing when the API server does not serve the kind, one clause.</summary>
    string NotServed { get; }

    /// <summary>Whether the name of a policy may have dots.</summary>
    bool DotsInNames { get; }

    /// <summary>The key under which outcomes name the policy.</summary>
    string ObjectKey { get; }

    /// <summary>How outcomes describe a policy that already is as asked: <c>already denied</c>.</summary>
    string Already { get; }

    /// <summary>What the policy does to its pods, one clause.</summary>
    string Effect { get; }

    /// <summary>
    /// Writes what is asked into a policy, which is empty when it is new, and leaves alone what Talon does not own. Null, or why that
    /// cannot be done, one clause.
    /// </summary>
    string? Write(JsonObject policy, PodSelection selection);

    /// <summary>What other policies of the namespace mean for these pods, one clause; null when nothing.</summary>
    string? Beside(IEnumerable<JsonObject> others, string name, Workload workload);
}
