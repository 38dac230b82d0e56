using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Catalog;
using Talon.Actors.Telemetry;
using Talon.Host.Reload;
using Talon.Host.Tests.Support;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Tests.Reload;

public sealed class RuleReloadTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestMeters _meters = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));
    private readonly ListLog _log = new();
    private readonly RuleBook _book;
    private readonly RuleReload _reload;
    private readonly List<string> _told = [];

    public RuleReloadTests()
    {
        _book = new RuleBook(TestRules.Load(TestRules.Shell), _meters.Meters, _time);
        _reload = new RuleReload(_book, Snapshot(TestRules.Shell).ContentHash, PluginCatalog.Default, _log, _told.Add);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Apply_SameContent_DoesAndSaysNothing()
    {
        var before = _book.Status;

        _reload.Apply(Snapshot(TestRules.Shell));

        Assert.Same(before, _book.Status);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void Apply_OtherRules_AreInForceAndTold()
    {
        string old = _book.Current.Hash;
        _time.Advance(TimeSpan.FromMinutes(1));

        _reload.Apply(Snapshot(TestRules.Named("Other")));

        Assert.Equal("Other", Assert.Single(_book.Current.Rules).Name);
        Assert.Equal(_time.GetUtcNow(), _book.Status.LoadedAt);
        var line = Assert.Single(_log.Lines);
        Assert.Equal(("rules", LogLineLevel.Info), (line.Message, line.Level));
        Assert.Equal($"1 rule has been successfully reloaded (hash {old} -> {_book.Current.Hash})", line.Result);
    }

    [Fact]
    public void Apply_OnlyAComment_KeepsTheHash()
    {
        string old = _book.Current.Hash;

        _reload.Apply(Snapshot("# why\n" + TestRules.Shell));

        Assert.Equal($"1 rule has been successfully reloaded (hash {old} as before)", Assert.Single(_log.Lines).Result);
    }

    [Fact]
    public void Apply_BrokenFile_KeepsTheSetAndTellsOnce()
    {
        var set = _book.Current;
        var broken = Snapshot(TestRules.Shell.Replace("match:", "mtach:", StringComparison.Ordinal));
        _time.Advance(TimeSpan.FromMinutes(1));

        _reload.Apply(broken);
        var failure = _book.Status.Failure!;
        _time.Advance(TimeSpan.FromMinutes(1));
        _reload.Apply(broken);

        Assert.Same(set, _book.Current);
        Assert.Same(failure, _book.Status.Failure);
        Assert.Equal(failure.At, _book.Status.LoadedAt + TimeSpan.FromMinutes(1));
        Assert.Contains(failure.Errors, error => error.Contains("did you mean 'match'?", StringComparison.Ordinal));
        var lines = _log.Lines.ToArray();
        Assert.All(lines, line => Assert.Equal(("rules", LogLineLevel.Error), (line.Message, line.Level)));
        Assert.Equal(failure.Errors, lines[..^1].Select(line => line.Error!));
        Assert.Matches($"^invalid rules: {lines.Length - 1} errors?; the set in force stays \\(hash {set.Hash}\\)$", lines[^1].Error);
        string told = Assert.Single(_told);
        Assert.StartsWith($"the rule files cannot be used, the set in force stays (hash {set.Hash}):\n", told, StringComparison.Ordinal);
        Assert.Contains("did you mean 'match'?", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_MissingFile_KeepsTheSet()
    {
        var set = _book.Current;

        _reload.Apply(RuleFileSnapshot.Read([Path.Combine(_folder.Path, "rules.yaml"), Path.Combine(_folder.Path, "gone.yaml")]));

        Assert.Same(set, _book.Current);
        Assert.EndsWith("gone.yaml: the file does not exist; check the path", Assert.Single(_book.Status.Failure!.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_BackToTheSetInForce_ClearsTheErrorAndSaysSo()
    {
        var before = _book.Status;
        _reload.Apply(Snapshot("- broken: ["));
        _log.Lines.Clear();

        _reload.Apply(Snapshot(TestRules.Shell));

        Assert.Equal(before, _book.Status);
        var line = Assert.Single(_log.Lines);
        Assert.Equal(LogLineLevel.Info, line.Level);
        Assert.Equal($"the files hold the rules in force again (hash {before.Rules.Hash})", line.Result);
    }

    [Fact]
    public void Apply_RepairedWithOtherRules_ClearsTheError()
    {
        _reload.Apply(Snapshot("- broken: ["));

        _reload.Apply(Snapshot(TestRules.Named("Repaired")));

        Assert.Null(_book.Status.Failure);
        Assert.Equal("Repaired", Assert.Single(_book.Current.Rules).Name);
    }

    [Fact]
    public void Apply_BackToAnEarlierSet_IsAnotherReload()
    {
        _reload.Apply(Snapshot(TestRules.Named("Other")));
        _reload.Apply(Snapshot(TestRules.Shell));

        Assert.Equal("Shell", Assert.Single(_book.Current.Rules).Name);
        Assert.Equal(2, _log.Lines.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("- action: Terminate Pod\n  actionner: kubernetes:terminate\n")]
    public void Apply_NoRuleAtAll_KeepsTheSetAndSaysWhatToDo(string text)
    {
        var set = _book.Current;

        _reload.Apply(Snapshot(text));

        Assert.Same(set, _book.Current);
        const string Told = "the rule files hold no rule; to stop all actions set dry_run or stop the server, or restart with empty files";
        Assert.Equal(Told, Assert.Single(_book.Status.Failure!.Errors));
        Assert.Equal(
            [Told, $"invalid rules: 1 error; the set in force stays (hash {set.Hash})"],
            _log.Lines.Where(line => line.Level == LogLineLevel.Error).Select(line => line.Error));
    }

    [Fact]
    public void Apply_NoRuleAfterAnEmptyStart_IsASuccess()
    {
        var book = new RuleBook(TestRules.Load(""), _meters.Meters, _time);
        var reload = new RuleReload(book, Snapshot("").ContentHash, PluginCatalog.Default, _log);

        reload.Apply(Snapshot("# still nothing\n"));

        Assert.Null(book.Status.Failure);
        Assert.Contains(_log.Lines, line => line.Result?.StartsWith("0 rules have been successfully reloaded", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Fail_SameErrorTwice_IsToldOnce()
    {
        _reload.Fail("no answer");
        var failure = _book.Status.Failure!;
        _reload.Fail("no answer");

        Assert.Equal("no answer", Assert.Single(failure.Errors));
        Assert.Same(failure, _book.Status.Failure);
        Assert.Equal(2, _log.Lines.Count);

        _reload.Fail("another");
        Assert.Equal("another", Assert.Single(_book.Status.Failure!.Errors));
        Assert.Equal(4, _log.Lines.Count);
    }

    [Fact]
    public void Apply_SetInForceAfterAFailedReading_ClearsTheError()
    {
        _reload.Fail("no answer");

        _reload.Apply(Snapshot(TestRules.Shell));

        Assert.Null(_book.Status.Failure);
    }

    [Fact]
    public void Apply_HundredsOfLongErrors_AreBoundedInTheLogAndForReadyz()
    {
        string one = $"- rule: {new string('r', 3000)}\n  colour: red\n";
        _reload.Apply(Snapshot(string.Concat(Enumerable.Repeat(one, 300))));

        var errors = _book.Status.Failure!.Errors;
        Assert.Equal(RuleReload.MaxShown + 1, errors.Length);
        Assert.Matches("^and [0-9]{3,} more$", errors[^1]);
        Assert.Equal(RuleReload.MaxLogged + 2, _log.Lines.Count);
        Assert.Matches("^and [0-9]{3,} more$", _log.Lines.ToArray()[^2].Error);
        Assert.All(errors, error => Assert.InRange(error.Length, 1, Findings.MaxLength + 1));
        Assert.All(_log.Lines, line => Assert.InRange(line.Error!.Length, 1, Findings.MaxLength + 1));
    }

    private RuleFileSnapshot Snapshot(string text) => RuleFileSnapshot.Read([_folder.Write("rules.yaml", text)]);
}
