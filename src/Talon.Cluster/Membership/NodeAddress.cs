using System.Globalization;
using Akka.Actor;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Membership;

/// <summary>Where a node of the cluster is reached: a host name or IP address and the Akka.Remote port.</summary>
/// <param name="Host">The host, without brackets.</param>
/// <param name="Port">The port, 1 to 65535.</param>
public readonly record struct NodeAddress(string Host, int Port)
{
    /// <summary>Reads <c>host</c>, <c>host:port</c>, <c>[IPv6]</c> or <c>[IPv6]:port</c>.</summary>
    /// <param name="defaultPort">The port when none is given.</param>
    /// <returns>The address; null when the text is none.</returns>
    public static NodeAddress? Parse(string text, int defaultPort)
    {
        string host = text;
        int port = defaultPort;
        int colon = text.LastIndexOf(':');
        if (colon >= 0 && (text.EndsWith(']') || (text.IndexOf(':', StringComparison.Ordinal) != colon && !text.StartsWith('['))))
        {
            colon = -1; // the colons of an IPv6 address
        }

        if (colon >= 0)
        {
            host = text[..colon];
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
            {
                return null;
            }
        }

        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }

        return port is > 0 and <= 65535 && Uri.CheckHostName(host) != UriHostNameType.Unknown ? new NodeAddress(host, port) : null;
    }

    /// <summary>The address as Akka writes it.</summary>
    public Address ToAkka() => new("akka.tcp", ActorNames.Talon, Host, Port);

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
