namespace Talon.Actors.Plugins;

/// <summary>Where artifacts wait until a remote output has them, and how much room they have.</summary>
public sealed record SpoolOptions
{
    /// <summary>The largest size when nothing is said: 1 GiB.</summary>
    public const long DefaultMaxSize = 1L << 30;

    /// <summary>The folder. Default <c>/tmp/talon-spool</c>; made when it is needed.</summary>
    public string Path { get; init; } = "/tmp/talon-spool";

    /// <summary>How many bytes all artifacts that wait may have together. Default 1 GiB.</summary>
    public long MaxSize { get; init; } = DefaultMaxSize;
}
