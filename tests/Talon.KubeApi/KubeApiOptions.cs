namespace Talon.KubeApi;

/// <summary>How a <see cref="KubeApiServer"/> runs.</summary>
public sealed record KubeApiOptions
{
    /// <summary>Port on 127.0.0.1; 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The bearer token of the admin, and the only one let in beside those of <see cref="KubeApiServer.AddUser"/>; null: every request that
    /// has no token of a user is the admin's. Without a token in the request: 403 as system:anonymous.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>
    /// True: users that were added may do what Roles, ClusterRoles and their bindings in the store allow, and nothing else. False (the
    /// default): everything. The admin may do everything in either case.
    /// </summary>
    public bool EnforceRbac { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// How long the server's own waits last against a real one: grace periods, reactions of controllers, the 3 s wait for a version of the
    /// future. 1 is real time, 0.01 a hundred times as fast. The times written into objects are always the unscaled ones.
    /// </summary>
    public double GraceTimeScale { get; init; } = 1.0;

    /// <summary>Seed of uids, container ids, generated names and of the draws of faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where the folders of the containers are made, and removed at the end; null: in the folder for temporary files.</summary>
    public string? ContainerRoot { get; init; }

    /// <summary>Name of the node that is there from the start.</summary>
    public string NodeName { get; init; } = "node1";

    /// <summary>
    /// How long a new or changed disruption budget goes unseen by its controller; meanwhile evictions under it are answered 429 with
    /// Retry-After 10. Scaled by <see cref="GraceTimeScale"/>. 0 by default: seen within the same change.
    /// </summary>
    public TimeSpan BudgetReaction { get; init; }

    /// <summary>
    /// API groups that this cluster does not have, e.g. <c>cilium.io</c>: their paths answer 404 with a text, and discovery leaves them out.
    /// By default none.
    /// </summary>
    public IReadOnlyList<string> AbsentGroups { get; init; } = [];
}
