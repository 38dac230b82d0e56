using System.Collections.Immutable;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Outputs.LocalFile;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Outputs.LocalFile;

[UnsupportedOSPlatform("windows")]
public sealed class LocalFileOutputTests : IDisposable
{
    private const int NoSpace = 28;

    private readonly string _folder = Directory.CreateTempSubdirectory("talon-files-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 10, 22, 31, 7, TimeSpan.Zero));
    private readonly LocalFileOutput _output;

    public LocalFileOutputTests() => _output = new LocalFileOutput(_clock);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Store_Artifact_IsThereWithItsSideFileAndForNobodyElse()
    {
        var stored = Assert.IsType<StoreResult.Stored>(
            await StoreAsync(Artifacts.Of("/etc/shadow", "root:x", ("namespace", "shop"), ("pod", "cart-0"), ("file", "/etc/shadow"))));

        string path = stored.Objects["destination"];
        string digest = Convert.ToHexStringLower(SHA256.HashData("root:x"u8));
        Assert.Equal("/etc/shadow", stored.Objects["file"]);
        Assert.Equal("root:x", await File.ReadAllTextAsync(path));
        Assert.Equal(digest, stored.Content.Sha256);
        Assert.Equal([Path.GetFileName(path), Path.GetFileName(path) + ".json"], Names());
        Assert.All(Directory.GetFiles(_folder), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        using var side = JsonDocument.Parse(await File.ReadAllTextAsync(path + ".json"));
        var json = side.RootElement;
        Assert.Equal(Path.GetFileName(path), json.GetProperty("file").GetString());
        Assert.Equal("/etc/shadow", json.GetProperty("artifact").GetString());
        Assert.Equal(digest, json.GetProperty("sha256").GetString());
        Assert.Equal(6, json.GetProperty("bytes").GetInt64());
        Assert.Equal("2026-11-25T10:22:31.007Z", json.GetProperty("time").GetString());
        Assert.Equal("Keep", json.GetProperty("rule").GetString());
        Assert.Equal("Keep the File", json.GetProperty("action").GetString());
        Assert.Equal("kubernetes:download", json.GetProperty("actionner").GetString());
        Assert.Equal(Artifacts.EventKey, json.GetProperty("event_key").GetString());
        Assert.Equal(2, json.GetProperty("position").GetInt32());
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", json.GetProperty("trace_id").GetString());
        Assert.Equal("cart-0", json.GetProperty("objects").GetProperty("pod").GetString());
    }

    [Fact]
    public async Task Store_EmptyArtifact_IsThereWithItsSideFile()
    {
        var stored = Assert.IsType<StoreResult.Stored>(await StoreAsync(Artifacts.Of("/var/log/wtmp", "")));

        string path = stored.Objects["destination"];
        string digest = Convert.ToHexStringLower(SHA256.HashData([]));
        Assert.Equal((0, digest), (stored.Content.Bytes, stored.Content.Sha256));
        Assert.Equal(0, new FileInfo(path).Length);
        using var side = JsonDocument.Parse(await File.ReadAllTextAsync(path + ".json"));
        Assert.Equal((0, digest), (side.RootElement.GetProperty("bytes").GetInt64(), side.RootElement.GetProperty("sha256").GetString()));
    }

    [Fact]
    public async Task Store_ManyInOneMillisecond_KeepsEachOfThem()
    {
        var stored = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => StoreAsync(Artifacts.Of("log", $"content {i}")))));

        Assert.All(stored, result => Assert.IsType<StoreResult.Stored>(result));
        Assert.Equal(80, Names().Length);
        Assert.Equal(
            Enumerable.Range(0, 40).Select(i => $"content {i}").Order(StringComparer.Ordinal),
            Directory.GetFiles(_folder).Where(file => !file.EndsWith(".json", StringComparison.Ordinal)).Select(File.ReadAllText).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a\0b\n\r/c")]
    [InlineData("😀😀/\ud83d")]
    [InlineData("")]
    public async Task Store_HostileNames_StayInTheFolder(string name)
    {
        var stored = Assert.IsType<StoreResult.Stored>(await StoreAsync(Artifacts.Of(name, "x", ("namespace", name), ("pod", "../" + name))));

        Assert.Equal(_folder, Path.GetDirectoryName(stored.Objects["destination"]));
        Assert.Equal(2, Names().Length);
    }

    [Fact]
    public async Task Store_NameOfTenThousandCharacters_IsBounded()
    {
        Assert.IsType<StoreResult.Stored>(await StoreAsync(Artifacts.Of(string.Concat(Enumerable.Repeat("é😀/..", 2000)), "x", ("pod", new string('p', 9999)))));

        Assert.All(Names(), name => Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 255));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".json")]
    public async Task Store_LinkPlantedAtTheFinalName_IsNotFollowed(string suffix)
    {
        var artifact = Artifacts.Of("log", "evidence");
        string victim = Path.Combine(_folder, "victim");
        string planted = Path.Combine(_folder, ArtifactKey.Create(artifact, _clock.GetUtcNow()) + suffix);
        File.CreateSymbolicLink(planted, victim);

        var stored = Assert.IsType<StoreResult.Stored>(await StoreAsync(artifact));

        Assert.False(File.Exists(victim));
        Assert.EndsWith("-2_log", stored.Objects["destination"], StringComparison.Ordinal);
        Assert.Equal("evidence", await File.ReadAllTextAsync(stored.Objects["destination"]));
        Assert.Equal(3, Names().Length);
    }

    [Fact]
    public async Task Store_FileOfThatNameExists_IsNotOverwritten()
    {
        var artifact = Artifacts.Of("log", "new");
        string old = Path.Combine(_folder, ArtifactKey.Create(artifact, _clock.GetUtcNow()));
        await File.WriteAllTextAsync(old, "old");

        Assert.IsType<StoreResult.Stored>(await StoreAsync(artifact));

        Assert.Equal("old", await File.ReadAllTextAsync(old));
        Assert.False(File.Exists(old + ".json"));
    }

    [Fact]
    public async Task Store_ArtifactBreaks_LeavesNothingAndSaysWhy()
    {
        var why = new ActionOutcome.Failed(FailureKind.ConnectionLost, "the stream broke", ImmutableSortedDictionary<string, string>.Empty);
        var artifact = Artifacts.Writing("log", async (stream, token) =>
        {
            await stream.WriteAsync(new byte[100_000], token);
            return why;
        });

        Assert.Same(why, Assert.IsType<StoreResult.Failed>(await StoreAsync(artifact)).Why);
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Store_WhileItIsWritten_NothingHasAFinalName()
    {
        string[] seen = [];
        await StoreAsync(Artifacts.Writing("log", async (stream, token) =>
        {
            await stream.WriteAsync(new byte[300_000], token);
            seen = Names();
            return null;
        }));

        Assert.StartsWith(".talon-", Assert.Single(seen), StringComparison.Ordinal);
        Assert.Equal(2, Names().Length);
    }

    [Fact]
    public async Task Store_ArtifactThrows_LeavesNothing()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => StoreAsync(Artifacts.Writing("log", (_, _) => throw new InvalidOperationException("a fault"))));

        Assert.Empty(Names());
    }

    [Fact]
    public async Task Store_DiskIsFull_LeavesNothingAndMayBeRetried()
    {
        var failed = await StoreAsync(Artifacts.Writing("log", async (stream, token) =>
        {
            await stream.WriteAsync(new byte[100], token);
            throw new IOException("No space left on device", NoSpace);
        }));

        var why = Assert.IsType<StoreResult.Failed>(failed).Why;
        Assert.Equal(FailureKind.ServerError, why.Kind);
        Assert.EndsWith("the disk is full", why.Reason, StringComparison.Ordinal);
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Store_DeadlinePasses_LeavesNothing()
    {
        using var stop = new CancellationTokenSource();
        var scope = new CallScope(TimeProvider.System, TimeSpan.FromMinutes(1), () => true, stop.Token);
        var result = await _output.StoreAsync(To(_folder), Artifacts.Writing("log", async (stream, token) =>
        {
            await stop.CancelAsync();
            await stream.WriteAsync(new byte[100], token);
            return null;
        }), scope);

        Assert.Equal(FailureKind.Timeout, Assert.IsType<StoreResult.Failed>(result).Why.Kind);
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Store_FolderHasGone_IsNotFound()
    {
        var result = await _output.StoreAsync(To(Path.Combine(_folder, "gone")), Artifacts.Of("log"), Scope());

        var why = Assert.IsType<StoreResult.Failed>(result).Why;
        Assert.Equal(FailureKind.NotFound, why.Kind);
        Assert.Contains("does not exist any more", why.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_FolderThatTakesFiles_IsRightAndStaysEmpty()
    {
        Assert.Null(await _output.CheckAsync(To(_folder), Scope()));
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Check_NoFolder_SaysSo()
    {
        var failed = await _output.CheckAsync(To(Path.Combine(_folder, "nope")), Scope());

        Assert.Equal(FailureKind.NotFound, failed!.Kind);
        Assert.Contains("it does not exist", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_File_SaysSo()
    {
        string file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");

        Assert.EndsWith("it is a file", (await _output.CheckAsync(To(file), Scope()))!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_DollarInTheDestination_IsTakenLiterally() =>
        Assert.Contains("'$HOME'", (await _output.CheckAsync(To("$HOME"), Scope()))!.Reason, StringComparison.Ordinal);

    [Fact]
    public async Task Check_FolderIsClosed_SaysSo()
    {
        // Nobody may create files in /sys, not even root, for whom the mode of a folder means nothing.
        string closed = "/sys";
        if (!Environment.IsPrivilegedProcess)
        {
            closed = Path.Combine(_folder, "closed");
            Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Assert.Equal(FailureKind.Forbidden, (await _output.CheckAsync(To(closed), Scope()))!.Kind);
    }

    [Fact]
    public async Task Check_FilesOfAKilledProcess_AreSweptWhenTheyAreOld()
    {
        string old = Path.Combine(_folder, ".talon-old.part");
        string young = Path.Combine(_folder, ".talon-young.part");
        string other = Path.Combine(_folder, "other.part");
        foreach (string path in new[] { old, young, other })
        {
            await File.WriteAllTextAsync(path, "");
            File.SetLastWriteTimeUtc(path, _clock.GetUtcNow().UtcDateTime - TimeSpan.FromHours(path == young ? 23 : 25));
        }

        Assert.Null(await _output.CheckAsync(To(_folder), Scope()));

        Assert.Equal([".talon-young.part", "other.part"], Names());
    }

    private static CallScope Scope() => new(TimeProvider.System, TimeSpan.FromMinutes(1), () => true, CancellationToken.None);

    private static ParameterMap To(string folder) => ParameterMap.Empty.With("destination", new ParameterValue.Text(folder));

    private Task<StoreResult> StoreAsync(Artifact artifact) => _output.StoreAsync(To(_folder), artifact, Scope());

    private string[] Names() => [.. Directory.GetFiles(_folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
}
