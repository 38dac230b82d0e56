using Talon.Actors.Pipeline.Buckets;
using Talon.Cluster.Wire;

namespace Talon.Actors.Tests.Pipeline.Buckets;

public sealed class SnapshotScheduleTests
{
    [Theory]
    [InlineData(0, 0, 1_000)]
    [InlineData(10_000, 0, 1_000)]
    [InlineData(60_000, 0, 6_000)]
    [InlineData(0, 250, 1_000)]
    [InlineData(0, 500, 2_000)]
    [InlineData(60_000, 5_000, 20_000)]
    public void IsSnapshotDue_MuchToCarry_IsDueLessOften(int deliveries, int unfinished, int facts)
    {
        var memory = new DeliveryHistory(TimeSpan.Zero);
        for (int i = 1; i <= deliveries; i++)
        {
            memory.RememberDelivery(DeliveryId.New(), i, now: 0);
        }

        var care = new SnapshotSchedule(memory);
        for (int i = 1; i < facts; i++)
        {
            care.Written();
        }

        Assert.False(care.IsSnapshotDue(unfinished));
        care.Written();
        Assert.True(care.IsSnapshotDue(unfinished));
        care.SnapshotBegun();
        Assert.False(care.IsSnapshotDue(unfinished));
    }
}
