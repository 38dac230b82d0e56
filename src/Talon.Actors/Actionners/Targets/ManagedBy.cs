namespace Talon.Actors.Actionners.Targets;

/// <summary>The label of every object that Talon makes and manages.</summary>
internal static class ManagedBy
{
    public const string Label = "app.kubernetes.io/managed-by";

    public const string Talon = "talon";
}
