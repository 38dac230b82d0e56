using Talon.Rules.Catalog;

namespace Talon.Host.Composition;

/// <summary>What a command works with: the process, or the stand-ins of a test.</summary>
internal sealed record CliContext
{
    /// <summary>Standard output, for results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error, for what is wrong.</summary>
    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>Where log lines of the server go.</summary>
    public required Stream Log { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required IPluginCatalog Catalog { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What another executable adds to the server.</summary>
    public TalonProgramHooks Hooks { get; init; } = new();

    /// <summary>Whether SIGTERM and SIGINT end the server. Off in tests, which share their process.</summary>
    public bool HandlesSignals { get; init; }

    /// <summary>Called with the address of the ingress once it takes events.</summary>
    public Action<Uri>? Listening { get; init; }
}
