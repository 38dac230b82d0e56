namespace Talon.Rules.Loading;

/// <summary>How strictly rule files are read.</summary>
public sealed record RuleLoadOptions
{
    /// <summary>Strict reading.</summary>
    public static RuleLoadOptions Default { get; } = new();

    /// <summary>Whether unknown keys are only warned about, and actions with an unknown actionner or output left out with a warning (and so are rules without any other action), for files written for the original. Default false.</summary>
    public bool Lenient { get; init; }

    /// <summary>How large one file may be, in bytes. Default 4 MiB.</summary>
    public int MaxFileBytes { get; init; } = 4 * 1024 * 1024;
}
