using System.Globalization;
using Talon.Cluster.Sharding;
using Talon.Cluster.Wire;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests;

/// <summary>Journals of earlier versions are continued: <c>Journals/README.md</c> says what is in them.</summary>
public sealed class UpgradeTests
{
    private static readonly string[] Pods = ["done-1", "done-2", "done-3", "half-1", "slow-1", "waiting-1", "waiting-2", "waiting-3"];

    [Fact]
    public async Task AnAcceptedEventIsNeverLost_JournalFromBeforeTheFieldsCounted_IsContinuedUnderTheOldIds()
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.Terminate, "audit:\n  retention: 3650d\n");
        string old = Path.Combine(AppContext.BaseDirectory, "Journals", "before-event-fields");
        Directory.CreateDirectory(rig.JournalFolder);
        foreach (string file in Directory.GetFiles(old, "*.db"))
        {
            File.Copy(file, Path.Combine(rig.JournalFolder, Path.GetFileName(file)));
        }

        var uids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pod in Pods)
        {
            uids[pod] = string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{uids.Count + 1:d12}");
            rig.AddPod("shop", pod, new PodSeed { Uid = uids[pod] });
        }

        var before = JournalCopy.Read(rig.JournalFolder);
        Assert.Equal(["half-1", "slow-1", "waiting-2", "waiting-3"], before.Events.Where(e => !e.IsComplete).Select(e => e.Accepted.Event.Output).Order(StringComparer.Ordinal));
        Assert.All(before.Events, e => Assert.NotEqual(EventId.Compute(e.Accepted.Event), e.Accepted.EventId));

        await using var talon = await rig.StartAsync();
        var after = await rig.FinishAsync(talon);

        Assert.Equal(Identities(before), Identities(after));
        Assert.All(after.Events, e =>
        {
            Assert.True(e.IsComplete, e.ToString());
            Assert.All(e.Finished, finished => Assert.IsType<ActionOutcome.Succeeded>(finished.Outcome));

            // Outcomes come back by the id: it must be the one that decided on the bucket.
            Assert.Equal($"bucket-{BucketMap.BucketOf(e.Accepted.EventId, 8)}", e.Bucket);
        });
        Assert.Equal(
            "half-1 delete, slow-1 patch, waiting-2 delete, waiting-2 patch, waiting-2 patch, waiting-3 patch",
            string.Join(", ", Pods.SelectMany(pod => rig.Api.Effects.For(uids[pod]).Select(effect => $"{pod} {effect.Verb}")).Order(StringComparer.Ordinal)));
    }

    private static IEnumerable<(string Bucket, long Sequence, EventId Id, DeliveryId Delivery)> Identities(JournalCopy journal) =>
        journal.Events.Select(e => (e.Bucket, e.Sequence, e.Accepted.EventId, e.Accepted.DeliveryId));
}
