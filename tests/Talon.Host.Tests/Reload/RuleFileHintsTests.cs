using Talon.Actors.Telemetry;
using Talon.Host.Reload;
using Talon.Host.Tests.Support;
using Talon.Rules.Loading;

namespace Talon.Host.Tests.Reload;

public sealed class RuleFileHintsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ListLog _log = new();
    private readonly Dictionary<string, Action<Exception>> _started = new(StringComparer.Ordinal);
    private readonly RuleFileHints _hints;
    private Func<string, Exception?> _refuse = _ => null;

    public RuleFileHintsTests() =>
        _hints = new RuleFileHints([RuleFilePath.Of(_folder.Write("rules.yaml", ""))], Start, () => { }, _log, TimeSpan.FromSeconds(30));

    private string Parent => Path.GetDirectoryName(_folder.Path)!;

    public void Dispose()
    {
        _hints.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Arm_DirectoriesThatCannotBeWatched_AreToldOnceEach()
    {
        _refuse = _ => new IOException("no more");
        Arm(times: 3);

        Assert.Equal([Told(Parent), Told(_folder.Path)], Errors().Order(StringComparer.Ordinal));
        Assert.All(_log.Lines, line => Assert.Equal(LogLineLevel.Warn, line.Level));
    }

    [Fact]
    public void Arm_FailsAgainAfterItHadWorked_IsToldAgain()
    {
        _refuse = directory => directory == _folder.Path ? new IOException("no more") : null;
        Arm(times: 2);
        _refuse = _ => null;
        Arm(times: 2);
        _started[_folder.Path](new IOException("no more"));

        Assert.Equal([Told(_folder.Path), Told(_folder.Path)], Errors());
    }

    [Fact]
    public void Arm_EachWatchFailsAtOnce_IsToldOnce()
    {
        for (int i = 0; i < 3; i++)
        {
            Arm(times: 1);
            _started[_folder.Path](new IOException("no more"));
        }

        Assert.Equal([Told(_folder.Path)], Errors());
    }

    [Fact]
    public void Arm_FaultWithOneDirectory_WatchesTheOthers()
    {
        _refuse = directory => directory == _folder.Path ? new InvalidOperationException("odd") : null;
        Arm(times: 2);

        Assert.Equal([Parent], _started.Keys);
        Assert.EndsWith("later: odd", Assert.Single(Errors()), StringComparison.Ordinal);
    }

    [Fact]
    public void Arm_FaultOfItsOwn_IsToldOnceAndThrowsNothing()
    {
        using var hints = new RuleFileHints([new RuleFilePath("rules.yaml", "")], Start, () => { }, _log, TimeSpan.FromSeconds(30));

        hints.Arm(anew: false);
        hints.Arm(anew: false);

        Assert.StartsWith(
            "what to watch for changed rules cannot be found out, they are noticed up to 30 s later: ", Assert.Single(Errors()), StringComparison.Ordinal);
    }

    private static string Told(string directory) => $"'{directory}' cannot be watched, changed rules are noticed up to 30 s later: no more";

    private void Arm(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _hints.Arm(anew: false);
        }
    }

    private IEnumerable<string?> Errors() => _log.Lines.Select(line => line.Error);

    private MemoryStream Start(string directory, IReadOnlySet<string> names, Action changed, Action<Exception> failed)
    {
        if (_refuse(directory) is { } refusal)
        {
            throw refusal;
        }

        _started[directory] = failed;
        return new MemoryStream();
    }
}
