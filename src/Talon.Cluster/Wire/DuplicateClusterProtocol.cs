using System.Collections.Immutable;

namespace Talon.Cluster.Wire;

/// <summary>The conversation of nodes that may be in different clusters although they have the same seed nodes.</summary>
internal static class DuplicateClusterProtocol
{
    /// <summary>Asks a node with whom it forms a cluster. Answered by <see cref="MembersSeen"/> when it is Up.</summary>
    public sealed record AskMembers : IWireMessage
    {
        public static AskMembers Instance { get; } = new();
    }

    /// <summary>The Up members of a node's cluster.</summary>
    /// <param name="Members">Each as <c>address#uid</c>, in ordinal order.</param>
    public sealed record MembersSeen(ImmutableArray<string> Members) : IWireMessage;
}
