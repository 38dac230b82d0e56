namespace Talon.Rules.Yaml;

/// <summary>What a YAML file may cost.</summary>
public sealed record YamlLimits
{
    /// <summary>The limits that hold when none are given.</summary>
    public static YamlLimits Default { get; } = new();

    /// <summary>How deep values may be nested. Default 32.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>
    /// How many values a file may have in all its documents, each alias counted with everything it stands for. Default 200,000. Bounds what a few
    /// lines of nested aliases can grow to.
    /// </summary>
    public int MaxNodes { get; init; } = 200_000;
}
