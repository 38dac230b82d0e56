using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Cli.Outputs;

public sealed class OutputsTestCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCli _cli = new();

    [Fact]
    public async Task Test_FolderThatTakesIt_SaysWhatWasWrittenAndLeavesNothing()
    {
        string place = Directory.CreateDirectory(Path.Combine(_folder.Path, "artifacts")).FullName;

        Assert.Equal(0, await _cli.RunAsync("outputs", "test", "local:file", "-r", Rules(place), "-c", Config()));

        Assert.Empty(_cli.Error);
        Assert.Matches(
            "^local:file of action 'Keep One' in rule 'Shell': the file '[^']*_talon-test.txt' was written to '[^']*' \\(55 bytes, sha256 [0-9a-f]{64}\\)\n"
            + "  read back: 55 bytes\n  deleted again\n$",
            _cli.Out);
        Assert.Empty(Directory.EnumerateFileSystemEntries(place));
    }

    [Fact]
    public async Task Test_SeveralPlaces_EachIsToldAndOneThatFailsIsExitCode1()
    {
        string place = Directory.CreateDirectory(Path.Combine(_folder.Path, "artifacts")).FullName;

        Assert.Equal(1, await _cli.RunAsync("outputs", "test", "local:file", "-r", Rules(place, place, "/nowhere/artifacts"), "-c", Config()));

        string[] lines = _cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("local:file of action 'Keep Three' in rule 'Shell': FAILED: cannot write to the folder '/nowhere/artifacts': ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_NoActionHasTheOutput_SaysSo()
    {
        Assert.Equal(1, await _cli.RunAsync("outputs", "test", "local:file", "-r", _folder.Write("rules.yaml", TestRules.Shell), "-c", Config()));

        Assert.Equal("talon: no action of these rules has the output local:file\n", _cli.Error);
        Assert.Empty(_cli.Out);
    }

    [Fact]
    public async Task Test_KeyFileThatIsMissing_NamesTheKey()
    {
        string config = _folder.Write("config.yaml", "minio: {access_key: a, secret_key_file: /nowhere/key}");

        Assert.Equal(1, await _cli.RunAsync("outputs", "test", "local:file", "-r", Rules(_folder.Path), "-c", config));

        Assert.StartsWith("talon: the file of minio.secret_key_file cannot be read: ", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_UnknownOutput_IsWrongUsage()
    {
        Assert.Equal(2, await _cli.RunAsync("outputs", "test", "aws:s4", "-r", Rules(_folder.Path)));

        Assert.Contains("aws:s4", _cli.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Config() => _folder.Write("config.yaml", "dry_run: false");

    private string Rules(params string[] places)
    {
        string[] names = ["Keep One", "Keep Two", "Keep Three"];
        string actions = string.Concat(places.Select((place, i) => $"""
                - action: {names[i]}
                  actionner: kubernetes:log
                  output:
                    target: local:file
                    parameters:
                      destination: {place}

            """));
        return _folder.Write("rules.yaml", $"""
            - rule: Shell
              match:
                rules:
                  - Terminal shell in container
              actions:

            """ + string.Concat(actions.Split('\n').Select(line => line.Length > 0 ? $"    {line.TrimEnd()}\n" : "")));
    }
}
