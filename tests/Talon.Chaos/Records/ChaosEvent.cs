using System.Globalization;

namespace Talon.Chaos.Records;

/// <summary>One numbered event of the load, about a pod of its own.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Kind">What the rules do about it.</param>
/// <param name="Pod">The name of its pod.</param>
/// <param name="Uid">The uid of its pod.</param>
/// <param name="ContainerId">The id of the pod's container as Falco cuts it.</param>
internal sealed record ChaosEvent(int Number, WorkKind Kind, string Pod, string Uid, string ContainerId)
{
    /// <summary>The text of the event, which no other one has.</summary>
    public string Output => OutputOf(Number);

    /// <summary>The name of the Falco rule, by which Talon's rules tell the kinds apart.</summary>
    public string FalcoRule => $"Chaos {Kind}";

    public static string OutputOf(int number) => string.Create(CultureInfo.InvariantCulture, $"chaos event {number:000000}");

    public static string PodOf(int number) => string.Create(CultureInfo.InvariantCulture, $"chaos-{number:000000}");
}
