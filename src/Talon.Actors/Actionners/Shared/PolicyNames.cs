using System.Security.Cryptography;
using System.Text;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Actionners.Shared;

/// <summary>How the policy of a workload is called: <c>talon-</c> and the name of the workload.</summary>
internal static class PolicyNames
{
    private const string Prefix = "talon-";
    private const int HashDigits = 8;

    /// <summary>
    /// The name. Where it is too long, or has dots that may not stand in it, it is changed and ends with a hash of the workload's
    /// name, so that two workloads do not come to share one.
    /// </summary>
    /// <param name="type">The kind of the policy.</param>
    /// <param name="owner">The name of the workload.</param>
    /// <param name="dots">Whether dots may stand in it.</param>
    public static ResourceName For(ResourceType type, string owner, bool dots)
    {
        string text = Prefix + (dots ? owner : owner.Replace('.', '-'));
        if (text != Prefix + owner || text.Length > Dns1123.MaxSubdomain)
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(owner)))[..HashDigits];
            string kept = text[..Math.Min(text.Length, Dns1123.MaxSubdomain - HashDigits - 1)].TrimEnd('-', '.');
            text = $"{kept}-{hash}";
        }

        return ResourceName.TryCreate(type, text, out var name)
            ? name
            : throw new InvalidOperationException($"{text} is not the name of a policy");
    }

    /// <summary>A few names for a message, and how many more there are.</summary>
    /// <param name="names">The names.</param>
    public static string Few(IReadOnlyCollection<string> names)
    {
        const int Few = 5;
        return string.Join(", ", names.Take(Few).Select(OneLine.From)) + (names.Count > Few ? $" and {names.Count - Few} more" : "");
    }
}
