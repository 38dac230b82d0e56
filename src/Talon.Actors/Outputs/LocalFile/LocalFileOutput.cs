using Talon.Actors.Clients.Calls;
using Talon.Actors.Pipeline;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Outputs.LocalFile;

/// <summary>
/// <c>local:file</c>: streams an artifact to a temporary file in the folder, syncs it to the disk and gives it its final name, which
/// must be free; a side file <c>NAME.json</c> tells its digest and where it came from. Half a file is never seen under a final name.
/// </summary>
internal sealed class LocalFileOutput(TimeProvider clock) : IOutput
{
    // What is older than this belongs to a process that was killed: no action takes a day.
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    // Only artifacts of one action in one millisecond share a key.
    private const int MostOfOneKey = 1000;
    private const int MostExamined = 10_000;
    private const int MostSwept = 100;

    public OutputDescriptor Descriptor => LocalFileModule.Module.Descriptor;

    public Task<ActionOutcome.Failed?> CheckAsync(ParameterMap parameters, CallScope scope)
    {
        string folder = LocalFileParameters.Read(parameters).Parameters.Destination;
        if (scope.Refusal() is { } refusal)
        {
            return Task.FromResult<ActionOutcome.Failed?>(new ActionOutcome.Failed(FailureKind.NotSent, refusal, Objects.None));
        }

        return Task.FromResult(Check(folder));
    }

    public async Task<StoreResult> StoreAsync(ParameterMap parameters, Artifact artifact, CallScope scope)
    {
        string folder = LocalFileParameters.Read(parameters).Parameters.Destination;

        // Not NotSent: that would say that the action behind the artifact was not carried out.
        if (scope.Refusal() is { } refusal)
        {
            return Failed(FailureKind.Timeout, folder, refusal);
        }

        string doing = $"store the artifact in '{OneLine.From(folder)}'";
        try
        {
            using var data = TemporaryFile.Create(folder);
            switch (await artifact.WriteToAsync(data.Stream, scope.Token))
            {
                case ArtifactContent.Whole content:
                    data.Finish();
                    return await PlaceAsync(folder, data, artifact, content, scope.Token);
                case ArtifactContent.Broken broken:
                    return new StoreResult.Failed(broken.Why) { IsOfArtifact = true };
                case var other:
                    throw new InvalidOperationException($"no such content: {other}");
            }
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return Failed(FailureKind.Timeout, folder, "the deadline of the action has passed");
        }
        catch (Exception e) when (FileFailures.IsExpected(e))
        {
            return new StoreResult.Failed(FileFailures.From(doing, e));
        }
    }

    public async Task<OutputTest> TestAsync(ParameterMap parameters, Artifact artifact, CallScope scope)
    {
        var stored = await StoreAsync(parameters, artifact, scope);
        if (stored is not StoreResult.Stored { Objects: var objects })
        {
            return new OutputTest(stored, []);
        }

        string file = objects["destination"];
        string read = $"read back: {new FileInfo(file).Length} bytes";
        TemporaryFile.TryDelete(file);
        TemporaryFile.TryDelete(file + ".json");
        return new OutputTest(stored, [read, File.Exists(file) ? "not deleted; the file stays" : "deleted again"]);
    }

    private static StoreResult.Failed Failed(FailureKind kind, string folder, string why) =>
        new(FileFailures.Failed(kind, $"store the artifact in '{OneLine.From(folder)}'", why));

    private async Task<StoreResult> PlaceAsync(
        string folder, TemporaryFile data, Artifact artifact, ArtifactContent.Whole content, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        for (int ordinal = 1; ordinal <= MostOfOneKey; ordinal++)
        {
            string name = ArtifactKey.Create(artifact, now, ordinal);
            string final = Path.Combine(folder, name);
            using var side = TemporaryFile.Create(folder);
            await side.Stream.WriteAsync(SideFile.Write(name, artifact, content, now), cancellationToken);
            side.Finish();

            // The side file goes first: it says only true things of a file that is about to be there, while a file without it
            // would be evidence that nobody can check.
            if (!side.TryPlace(final + ".json"))
            {
                continue;
            }

            if (!Placed(data, final))
            {
                continue;
            }

            FileSystemCalls.TrySync(folder);
            return new StoreResult.Stored(
                $"the file '{name}' was written to '{OneLine.From(folder)}'",
                Objects.None.Add("file", OneLine.From(artifact.Name)).Add("destination", final),
                content);
        }

        return Failed(FailureKind.Conflict, folder, $"{MostOfOneKey} files there have the name that is due");
    }

    // Takes the side file away again when its file cannot be placed, for whatever reason.
    private static bool Placed(TemporaryFile data, string final)
    {
        bool placed = false;
        try
        {
            placed = data.TryPlace(final);
            return placed;
        }
        finally
        {
            if (!placed)
            {
                TemporaryFile.TryDelete(final + ".json");
            }
        }
    }

    private ActionOutcome.Failed? Check(string folder)
    {
        string doing = $"write to the folder '{OneLine.From(folder)}'";
        try
        {
            if (!Directory.Exists(folder))
            {
                return FileFailures.Failed(
                    FailureKind.NotFound, doing, File.Exists(folder) ? "it is a file" : "it does not exist, or the user that Talon runs as may not look into it");
            }

            using (TemporaryFile.Create(folder))
            {
                // Made and gone again: that is the whole check.
            }

            Sweep(folder);
            return null;
        }
        catch (Exception e) when (FileFailures.IsExpected(e))
        {
            return FileFailures.From(doing, e);
        }
    }

    // Bounded twice: a folder may hold millions of files, and somebody waits for the action.
    private void Sweep(string folder)
    {
        var before = clock.GetUtcNow() - Abandoned;
        var old = new DirectoryInfo(folder).EnumerateFiles()
            .Take(MostExamined)
            .Where(file => file.Name.StartsWith(TemporaryFile.Prefix, StringComparison.Ordinal)
                && file.Name.EndsWith(TemporaryFile.Suffix, StringComparison.Ordinal)
                && file.LastWriteTimeUtc < before.UtcDateTime)
            .Take(MostSwept);
        foreach (var file in old)
        {
            TemporaryFile.TryDelete(file.FullName);
        }
    }
}
