using Talon.Actors.Pipeline.Buckets;
using Talon.Cluster.Wire;
using Talon.Rules.Events;

namespace Talon.Actors.Tests.Pipeline.Buckets;

public sealed class DeliveryHistoryTests
{
    private const long Hour = 3_600_000;
    private static readonly EventId Shell = EventId.Compute(Sample.Event());

    [Fact]
    public void IsDuplicate_WithinTheWindow_CountsFromTheFirst()
    {
        var memory = new DeliveryHistory(TimeSpan.FromSeconds(5));
        memory.OpenWindow(Shell, 10_000);

        Assert.True(memory.IsDuplicate(Shell, 14_999));
        Assert.False(memory.IsDuplicate(Shell, 15_000));
    }

    [Fact]
    public void IsDuplicate_ClockBehind_CountsWithinTheWindowOnly()
    {
        var memory = new DeliveryHistory(TimeSpan.FromSeconds(5));
        memory.OpenWindow(Shell, 10_000);

        Assert.True(memory.IsDuplicate(Shell, 5_001));
        Assert.False(memory.IsDuplicate(Shell, 5_000));
    }

    [Fact]
    public void OpenWindow_MoreThanItHolds_TheOldestGo()
    {
        var memory = new DeliveryHistory(TimeSpan.FromDays(1));
        memory.OpenWindow(Shell, 1_000);
        for (int i = 1; i < DeliveryHistory.MaxWindow; i++)
        {
            memory.OpenWindow(EventId.Compute(Sample.Event($"event {i}")), 1_000);
        }

        Assert.True(memory.IsDuplicate(Shell, 1_000));
        memory.OpenWindow(EventId.Compute(Sample.Event("one too many")), 1_000);
        Assert.False(memory.IsDuplicate(Shell, 1_000));
        Assert.Equal(DeliveryHistory.MaxWindow, memory.Remembered);
    }

    [Fact]
    public void RememberDuplicate_IsKnownForAMinuteAndNotInTheSnapshot()
    {
        var memory = new DeliveryHistory(TimeSpan.FromSeconds(5));
        var delivery = DeliveryId.New();
        memory.RememberDuplicate(delivery, 0);

        Assert.True(memory.TryGetDelivery(delivery, out long sequence));
        Assert.Equal(0, sequence);
        Assert.Empty(memory.ToSnapshot([]).Deliveries);
        memory.RememberDuplicate(DeliveryId.New(), 60_001);
        Assert.False(memory.TryGetDelivery(delivery, out _));
    }

    [Fact]
    public void IsDuplicate_WindowOff_IsNever()
    {
        var memory = new DeliveryHistory(TimeSpan.Zero);
        memory.OpenWindow(Shell, 10_000);

        Assert.False(memory.IsDuplicate(Shell, 10_000));
    }

    [Fact]
    public void RememberDelivery_AfterAnHour_IsForgottenNotBefore()
    {
        var memory = new DeliveryHistory(TimeSpan.FromSeconds(5));
        var old = DeliveryId.New();
        memory.RememberDelivery(old, 3, 0);
        memory.RememberDelivery(DeliveryId.New(), 4, Hour);
        Assert.True(memory.TryGetDelivery(old, out long sequence));
        Assert.Equal(3, sequence);

        memory.RememberDelivery(DeliveryId.New(), 5, Hour + 1);
        Assert.False(memory.TryGetDelivery(old, out _));
    }

    [Fact]
    public void DeletableTo_ByAgeAndByNumber_StaysBehindThePreviousSnapshot()
    {
        var memory = new DeliveryHistory(TimeSpan.FromSeconds(5));
        for (long sequence = 1; sequence <= 5_000; sequence++)
        {
            memory.Written(sequence, sequence);
        }

        Assert.Null(memory.DeletableTo(5_000, 5_000, 6_000, TimeSpan.FromDays(7), 200_000));
        Assert.Equal(1_000, memory.DeletableTo(5_000, 5_000, 6_000, TimeSpan.FromSeconds(2), 200_000));
        Assert.Equal(1_000, memory.DeletableTo(5_000, 5_000, 6_000, TimeSpan.FromDays(7), 3_000));
        Assert.Null(memory.DeletableTo(999, 5_000, 6_000, TimeSpan.FromSeconds(2), 3_000));

        memory.Deleted(1_000);
        Assert.Equal(2_000, memory.DeletableTo(5_000, 5_000, 6_000, TimeSpan.FromSeconds(2), 200_000));
    }

    [Fact]
    public void Restore_Snapshot_RemembersTheSame()
    {
        var memory = new DeliveryHistory(TimeSpan.FromSeconds(5));
        var delivery = DeliveryId.New();
        memory.RememberDelivery(delivery, 9, 1_000);
        memory.OpenWindow(Shell, 1_000);
        memory.Written(1_000, 1_000);
        memory.Deleted(500);

        var restored = new DeliveryHistory(TimeSpan.FromSeconds(5));
        restored.Restore(memory.ToSnapshot([]));

        Assert.True(restored.TryGetDelivery(delivery, out long sequence));
        Assert.Equal(9, sequence);
        Assert.True(restored.IsDuplicate(Shell, 2_000));
        Assert.Equal(500, restored.DeletedTo);
        Assert.Equal(1_000, restored.DeletableTo(5_000, 5_000, Hour, TimeSpan.FromSeconds(1), 10));
    }
}
