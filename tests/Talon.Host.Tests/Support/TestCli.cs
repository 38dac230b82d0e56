using System.Text;
using Talon.Actors.Catalog;
using Talon.Host.Cli;
using Talon.Host.Composition;

namespace Talon.Host.Tests.Support;

/// <summary>Runs a command line in this process and keeps what it said.</summary>
internal sealed class TestCli
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly MemoryStream _log = new();

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public string Log => Encoding.UTF8.GetString(_log.ToArray());

    /// <summary>Where results go instead of <see cref="Out"/>.</summary>
    public TextWriter? Output { get; init; }

    public string In { get; init; } = "";

    public Dictionary<string, string> Environment { get; init; } = [];

    public TalonProgramHooks Hooks { get; init; } = new();

    public TaskCompletionSource<Uri> Listening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<int> RunAsync(params string[] args) => RunAsync(args, CancellationToken.None);

    public Task<int> RunAsync(string[] args, CancellationToken cancellationToken) => TalonCommandLine.RunAsync(
        args,
        new CliContext
        {
            Out = Output ?? _out,
            Error = _error,
            In = new StringReader(In),
            Log = _log,
            Environment = Environment,
            Catalog = PluginCatalog.Default,
            Hooks = Hooks,
            Listening = address => Listening.TrySetResult(address),
        },
        cancellationToken);
}
