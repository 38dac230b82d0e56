using System.Security.Cryptography;
using System.Text;
using Talon.Actors.Plugins;

namespace Talon.Actors.Actionners.Captures;

/// <summary>Names for what an action makes in the cluster: the same for all its attempts, and used by no other action.</summary>
internal static class ActionNames
{
    /// <summary>How the names of all containers and Jobs that Talon makes begin.</summary>
    public const string Prefix = "talon-";

    private const int Digits = 10;

    /// <summary>A DNS label.</summary>
    /// <param name="program">What runs in it, a short word.</param>
    public static string Of(ActionRequest request, string program)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.EventKey}/{request.Action.Position}"));
        return $"{Prefix}{program}-{Convert.ToHexStringLower(hash)[..Digits]}";
    }
}
