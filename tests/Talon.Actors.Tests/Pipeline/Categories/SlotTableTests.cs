using Akka.Actor;
using Talon.Actors.Pipeline.Categories;
using Talon.Cluster.Wire;

namespace Talon.Actors.Tests.Pipeline.Categories;

/// <summary>Whose turn it is, with several targets before one category.</summary>
public sealed class SlotTableTests
{
    private static readonly IActorRef Requester = ActorRefs.Nobody;
    private long _number;

    [Fact]
    public void Grant_FloodOfOneTarget_AnotherIsNext()
    {
        var slots = new SlotTable(1, 1, 10_000);
        Fill(slots, "loud", null, 900);
        var running = slots.Grant()!;
        var other = Ask(slots, "quiet", null);

        slots.Remove(running);
        var next = slots.Grant()!;
        slots.Remove(next);

        Assert.True(next == other || slots.Grant() == other);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 2)]
    [InlineData(32, 16)]
    public void Grant_OneTarget_RunsInHalfOfTheSlots(int slotsOfLane, int expected)
    {
        var slots = new SlotTable(slotsOfLane, 1, 10_000);
        Fill(slots, "loud", null, 200);
        var running = GrantAll(slots);
        Assert.Equal(expected, running.Count);

        if (expected < slotsOfLane)
        {
            var other = Ask(slots, "quiet", null);
            Assert.Same(other, slots.Grant());
        }

        slots.Remove(running[0]);
        Assert.Equal("loud", slots.Grant()!.Target);
        Assert.Null(slots.Grant());
    }

    [Fact]
    public void IsCrowded_OneTarget_ByATenthOfALane()
    {
        var slots = new SlotTable(1, 1, 1_000);

        Assert.Equal(101, Fill(slots, "loud", null, 5_000, grant: true)); // one of them runs
        Assert.False(slots.IsCrowded(slots.Short, null, "quiet"));
        Assert.Equal(SlotTable.CrowdAtObject, Fill(slots, "loud as well", "node/one", 5_000));
    }

    [Fact]
    public void IsCrowded_CapturesOfOnePodPileUp_NotForItsTermination()
    {
        var slots = new SlotTable(1, 1, 1_000);

        Assert.Equal(100, Fill(slots, "loud", null, 5_000, longLane: true));

        Assert.True(slots.IsCrowded(slots.Long, null, "loud"));
        Assert.False(slots.IsCrowded(slots.Short, null, "loud"));
        Ask(slots, "loud", null);
        Assert.Same(slots.Short, slots.Grant()!.Lane);
    }

    [Fact]
    public void IsCrowded_ManyTargetsAtOneObject_NotForOtherObjects()
    {
        var slots = new SlotTable(1, 1, 10_000);
        int taken = 0;
        while (!slots.IsCrowded(slots.Short, "node/one", $"pod/{taken}"))
        {
            Ask(slots, $"pod/{taken++}", "node/one");
        }

        Assert.Equal(SlotTable.CrowdAtObject + 1, taken);
        Assert.False(slots.IsCrowded(slots.Short, "node/two", "pod/0"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void AtRandom_LimitsHold_NobodyWaitsWhoCouldRun_AndNothingIsLeft(int seed)
    {
        var random = new Random(seed);
        var slots = new SlotTable(8, 4, 1_000);
        var waiting = new List<SlotRequest>();
        var running = new List<SlotRequest>();
        for (int step = 0; step < 20_000; step++)
        {
            string target = $"{random.Next(6)}";
            string? key = random.Next(2) == 0 ? null : $"object {random.Next(8)}";
            bool longLane = random.Next(3) == 0;
            if (random.Next(5) < 2 && waiting.Count < 1_000)
            {
                waiting.Add(Ask(slots, target, key, longLane));
            }
            else if (running.Count > 0 && random.Next(3) > 0)
            {
                Drop(running);
            }
            else if (waiting.Count > 0 && random.Next(10) == 0)
            {
                Drop(waiting);
            }

            foreach (var slotRequest in GrantAll(slots))
            {
                waiting.Remove(slotRequest);
                running.Add(slotRequest);
            }

            Check();
        }

        while (running.Count > 0)
        {
            Drop(running);
            foreach (var slotRequest in GrantAll(slots))
            {
                waiting.Remove(slotRequest);
                running.Add(slotRequest);
            }
        }

        Assert.Empty(waiting);
        Assert.Equal((0, 0), (slots.Queued, slots.Running));

        void Drop(List<SlotRequest> jobs)
        {
            int i = random.Next(jobs.Count);
            slots.Remove(jobs[i]);
            jobs.RemoveAt(i);
        }

        void Check()
        {
            Assert.Equal((waiting.Count, running.Count), (slots.Queued, slots.Running));
            Assert.All(running.Where(j => j.ExclusionKey is not null).GroupBy(j => j.ExclusionKey), g => Assert.Single(g));
            foreach (var (lane, limit) in ((Lane, int)[])[(slots.Short, 8), (slots.Long, 4)])
            {
                var inside = running.Where(j => j.Lane == lane).ToList();
                Assert.InRange(inside.Count, 0, limit);
                Assert.All(inside.GroupBy(j => j.Target), g => Assert.InRange(g.Count(), 1, limit / 2));
                if (inside.Count < limit)
                {
                    // A slot is free: who waits has its object taken, in use or spoken for, or its target has its half.
                    Assert.All(waiting.Where(j => j.Lane == lane), j => Assert.True(
                        inside.Count(r => r.Target == j.Target) == limit / 2
                        || (j.ExclusionKey is { } key && (running.Any(r => r.ExclusionKey == key) || waiting.Any(w => w != j && w.ExclusionKey == key)))));
                }
            }
        }
    }

    private static List<SlotRequest> GrantAll(SlotTable slots)
    {
        var granted = new List<SlotRequest>();
        while (slots.Grant() is { } slotRequest)
        {
            granted.Add(slotRequest);
        }

        return granted;
    }

    private int Fill(SlotTable slots, string target, string? key, int most, bool grant = false, bool longLane = false)
    {
        int count = 0;
        while (count < most && !slots.IsCrowded(longLane ? slots.Long : slots.Short, key, target))
        {
            Ask(slots, target, key, longLane);
            count++;
            if (grant)
            {
                slots.Grant();
            }
        }

        return count;
    }

    private SlotRequest Ask(SlotTable slots, string target, string? key, bool longLane = false)
    {
        var slotRequest = new SlotRequest(new ActionKey(0, ++_number, 0, 1, 0), default, longLane ? slots.Long : slots.Short, key, target, Requester);
        slots.Add(slotRequest);
        return slotRequest;
    }
}
