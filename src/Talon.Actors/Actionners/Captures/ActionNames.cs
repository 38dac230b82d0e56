using System.Security.Cryptography;
using System.Text;
using Talon.Actors.Plugins;

namespace Talon.Actors.Actionners.Captures;

/// <summary>Names for what an action makes in the cluster: the same for every attempt of it, and no other action's.</summary>
internal static class ActionNames
{
    /// <summary>What names of containers and Jobs made by Talon begin with.</summary>
    public const string Prefix = "talon-";

    private const int Digits = 10;

    /// <summary>A DNS label.</summary>
    /// <param name="request">The attempt.</param>
    /// <param name="program">What runs in it, a short word.</param>
    public static string Of(ActionRequest request, string program)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.EventKey}/{request.Action.Position}"));
        return $"{Prefix}{program}-{Convert.ToHexStringLower(hash)[..Digits]}";
    }
}
