using System.Collections.Immutable;

namespace Talon.Cluster.Protocol;

/// <summary>The conversation of nodes that may be in different clusters although they have the same seed nodes.</summary>
internal static class IslandProtocol
{
    /// <summary>Asks a node with whom it forms a cluster. Answered by <see cref="Seen"/> when it is Up.</summary>
    public sealed record Look : IWireMessage
    {
        /// <summary>The only instance that is needed.</summary>
        public static Look Instance { get; } = new();
    }

    /// <summary>The Up members of a node's cluster.</summary>
    /// <param name="Members">Each as <c>address#uid</c>, in ordinal order.</param>
    public sealed record Seen(ImmutableArray<string> Members) : IWireMessage;
}
