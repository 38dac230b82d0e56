namespace Talon.Rules.Loading.Files;

/// <summary>How strictly rule files are read.</summary>
public sealed record RuleLoadOptions
{
    /// <summary>Strict reading.</summary>
    public static RuleLoadOptions Default { get; } = new();

    /// <summary>
    /// Whether what files written for the original may carry is only warned about: unknown keys are ignored, and left out are actions
    /// whose actionner or output is unknown or not built yet (and rules without any other action), and notifiers and contexts that are
    /// not built yet. Default false.
    /// </summary>
    public bool Lenient { get; init; }

    /// <summary>How large one file may be, in bytes. Default 4 MiB.</summary>
    public int MaxFileBytes { get; init; } = 4 * 1024 * 1024;
}
