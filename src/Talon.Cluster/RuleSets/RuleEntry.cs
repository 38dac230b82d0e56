using System.Globalization;
using Akka.Cluster;

namespace Talon.Cluster.RuleSets;

/// <summary>
/// How the rules of a node stand in the replicated dictionary. Key: <c>address#uid</c>, so that the end of a process does not
/// take away what the next one on its address has written. Value: <c>milliseconds since 1970 : hash</c>. What cannot be read,
/// because another version wrote it, is left out.
/// </summary>
internal static class RuleEntry
{
    public static string Key(UniqueAddress node) => string.Create(CultureInfo.InvariantCulture, $"{node.Address}#{node.Uid}");

    public static string Value(string hash, DateTimeOffset since) => string.Create(CultureInfo.InvariantCulture, $"{since.ToUnixTimeMilliseconds()}:{hash}");

    public static NodeRules? Read(string key, string value)
    {
        int uid = key.LastIndexOf('#');
        int colon = value.IndexOf(':', StringComparison.Ordinal);
        return uid > 0 && colon > 0
            && long.TryParse(value.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out long ms)
            && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? new NodeRules(key[..uid], value[(colon + 1)..], DateTimeOffset.FromUnixTimeMilliseconds(ms))
            : null;
    }
}
