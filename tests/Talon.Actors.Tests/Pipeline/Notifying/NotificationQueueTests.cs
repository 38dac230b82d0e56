using Talon.Actors.Pipeline.Notifying;

namespace Talon.Actors.Tests.Pipeline.Notifying;

public sealed class NotificationQueueTests
{
    [Fact]
    public async Task Take_MixedOutcomes_ComeInOrder()
    {
        var queue = new NotificationQueue(10);
        foreach (int i in Enumerable.Range(0, 6))
        {
            Assert.True(queue.TryAdd(Notifications.Of(i, i % 2 == 0 ? "failure" : "success"), out _));
        }

        for (int i = 0; i < 6; i++)
        {
            Assert.EndsWith($"-{i}", (await queue.TakeAsync())!.EventKey, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Add_Full_TheOldestThatIsNoFailureGoes()
    {
        var queue = new NotificationQueue(3);
        queue.TryAdd(Notifications.Of(1, "failure"), out _);
        queue.TryAdd(Notifications.Of(2, "ignored"), out _);
        queue.TryAdd(Notifications.Of(3), out _);

        Assert.False(queue.TryAdd(Notifications.Of(4), out var first));
        Assert.False(queue.TryAdd(Notifications.Of(5, "failure"), out var second));
        Assert.False(queue.TryAdd(Notifications.Of(6, "failure"), out var third));
        Assert.False(queue.TryAdd(Notifications.Of(7, "failure"), out var fourth));

        Assert.Equal(["-2", "-3", "-4", "-1"], new[] { first, second, third, fourth }.Select(n => n.EventKey[^2..]));
        Assert.Equal(3, queue.Count);
    }

    [Fact]
    public async Task Complete_WhatWaitsIsStillRead_AndNothingIsTaken()
    {
        var queue = new NotificationQueue(3);
        queue.TryAdd(Notifications.Of(1), out _);
        queue.Complete();

        Assert.False(queue.TryAdd(Notifications.Of(2), out var dropped));
        Assert.EndsWith("-2", dropped.EventKey, StringComparison.Ordinal);
        Assert.NotNull(await queue.TakeAsync());
        Assert.Null(await queue.TakeAsync());
    }

    [Fact]
    public async Task Take_BeforeAnythingIsThere_Waits()
    {
        var queue = new NotificationQueue(3);
        var taking = queue.TakeAsync();
        Assert.False(taking.IsCompleted);

        queue.TryAdd(Notifications.Of(), out _);

        Assert.NotNull(await taking.WaitAsync(TimeSpan.FromSeconds(20)));
    }
}
