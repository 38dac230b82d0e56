using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;

namespace Talon.Actors.Actionners.Policies;

/// <summary>One kind of network policy, with what one action asks of it.</summary>
internal interface IPolicyForm
{
    /// <summary>The kind of the policy.</summary>
    ResourceType Type { get; }

    /// <summary>What an API server lacks that does not serve the kind, one clause.</summary>
    string NotServed { get; }

    /// <summary>Whether dots may stand in the name of a policy.</summary>
    bool DotsInNames { get; }

    /// <summary>Under which key outcomes name the policy.</summary>
    string ObjectKey { get; }

    /// <summary>What is said of a policy that already is as asked: <c>already denied</c>.</summary>
    string Already { get; }

    /// <summary>What the policy does to its pods, one clause.</summary>
    string Effect { get; }

    /// <summary>
    /// Writes what is asked into a policy, and leaves in it what Talon does not own. Null, or why that cannot be done, one clause.
    /// </summary>
    /// <param name="policy">The policy: as stored, or empty.</param>
    /// <param name="selection">The pods it is about.</param>
    string? Write(JsonObject policy, PodSelection selection);

    /// <summary>What other policies of the namespace mean for these pods, one clause; null when nothing.</summary>
    /// <param name="others">The others, as read.</param>
    /// <param name="name">The name of Talon's own policy.</param>
    /// <param name="workload">The workload.</param>
    string? Beside(IEnumerable<JsonObject> others, string name, Workload workload);
}
