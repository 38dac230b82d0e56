using Talon.Actors.Telemetry;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Pipeline.Sinks;

/// <summary>What the log tells of an artifact.</summary>
[Trait("Speed", "Slow")]
public sealed class ArtifactLineTests
{
    [Theory]
    [InlineData(true, "success", LogLineLevel.Info)]
    [InlineData(false, "failure", LogLineLevel.Error)]
    public async Task Finished_WithArtifact_HasALineOfItsOwn(bool stored, string status, LogLineLevel level)
    {
        var artifact = new ArtifactReport("local:file", stored, "a sentence", SampleOutcomes.NoObjects.Add("file", "tcpdump.pcap"));
        var fake = new FakeActionner
        {
            Run = (_, _) => Task.FromResult<ActionOutcome>(stored
                ? new ActionOutcome.Succeeded("captured", SampleOutcomes.NoObjects) { Artifact = artifact }
                : new ActionOutcome.Failed(FailureKind.NotFound, "no folder", SampleOutcomes.NoObjects) { Artifact = artifact }),
        };
        await using var rig = await PipelineRig.StartAsync([fake]);

        await rig.AcceptAsync(Sample.Event(), Sample.OneAction());
        var final = await rig.FinalAsync();
        var line = await Eventually.GetAsync(() => rig.Lines.SingleOrDefault(l => l.Message == "output"));

        Assert.Equal(status, final.Status);
        Assert.Equal((status, level, "local", "local:file"), (line.Status!, line.Level, line.Category!, line.OutputTarget!));
        Assert.Equal("a sentence", stored ? line.Output : line.Error);
        Assert.Null(stored ? line.Error : line.Output);
        Assert.Equal(final.EventKey, line.EventKey);
        Assert.Equal(final.Rule, line.Rule);
        Assert.Equal("tcpdump.pcap", line.Objects!["file"]);
    }
}
