namespace Talon.Actors.Actionners.Targets;

/// <summary>The label of every object that Talon makes and looks after.</summary>
internal static class ManagedBy
{
    public const string Label = "app.kubernetes.io/managed-by";

    /// <summary>Its value.</summary>
    public const string Talon = "talon";
}
