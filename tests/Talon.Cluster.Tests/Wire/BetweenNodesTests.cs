using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.Event;
using Talon.Cluster.Tests.Forming;
using Talon.Cluster.Wire;
using Talon.Rules.Events;

namespace Talon.Cluster.Tests.Wire;

/// <summary>What really crosses from one node to another: Talon's messages, up to the largest, and nothing else.</summary>
[Trait("Speed", "Slow")]
public sealed class BetweenNodesTests
{
    // The most that ingress.max_body allows.
    private const int LargestBody = 1024 * 1024;

    [Fact]
    public async Task Tell_EverySample_ArrivesOnTheOtherNode()
    {
        await using var nodes = await StaticNodes.StartAsync(2);
        var (heard, sink) = await SinkAsync(nodes);

        foreach (var sample in Sample.All.Values)
        {
            sink.Tell(sample);
        }

        await nodes.WaitAsync(() => heard.Count == Sample.All.Count);
        Assert.Equal(Sample.All.Values.Select(sample => sample.GetType()), heard.Select(message => message.GetType()));
    }

    [Fact]
    public async Task Tell_TypeThatNobodyRegistered_IsRefusedLoudly()
    {
        await using var nodes = await StaticNodes.StartAsync(2);
        var (heard, sink) = await SinkAsync(nodes);
        var errors = new Heard();
        nodes[0].System.EventStream.Subscribe(nodes[0].System.ActorOf(Props.Create(() => new Sink(errors))), typeof(Error));

        sink.Tell(new Unregistered("secret"));
        sink.Tell(new EventProtocol.Wake(1));

        await nodes.WaitAsync(() => heard.Count > 0);
        Assert.IsType<EventProtocol.Wake>(Assert.Single(heard.All));
        await nodes.WaitAsync(() => errors.All.OfType<Error>().Any(error => error.ToString().Contains(nameof(Unregistered), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Ingest_LargestBodyThroughAnotherNode_Arrives()
    {
        await using var nodes = await StaticNodes.StartAsync(2);
        var regions = Enumerable.Range(0, 2).Select(i => nodes[i].StartBuckets(_ => Props.Create(() => new Measure()))).ToList();
        var falcoEvent = FalcoEventParser.Parse(LargeBody()).Event!;
        Assert.Equal(LargestBody, falcoEvent.Raw.Length);

        // From the node that does not own the bucket: through both regions for every bucket, so that half of them cross.
        var sizes = new List<(int From, string Host, string Size)>();
        for (int bucket = 0; bucket < 8; bucket++)
        {
            for (int from = 0; from < 2; from++)
            {
                var reply = await AskAsync(regions[from].Door, new EventProtocol.Ingest(bucket, Sample.Delivery, Sample.Id, Sample.TraceId, LargePlan(), falcoEvent));
                sizes.Add((from, reply.Cause, reply.Reason));
            }
        }

        Assert.All(sizes, one => Assert.Equal($"{LargestBody} and 100 actions", one.Size));
        Assert.Contains(sizes, one => one.Host != nodes[one.From].Address);
    }

    private static byte[] LargeBody()
    {
        const string Head = """{"output":"a shell","priority":"Notice","rule":"Terminal shell in container","time":"2026-11-24T08:00:00Z","output_fields":{"k8s.pod.name":"cart-0","proc.cmdline":" """;
        const string Tail = "\"}}";
        return Encoding.UTF8.GetBytes(Head + new string('x', LargestBody - Head.Length - Tail.Length) + Tail);
    }

    private static Rules.Planning.EventPlan LargePlan() => Sample.Plan with
    {
        Rules = [Sample.Plan.Rules[0] with { Actions = [.. Enumerable.Range(0, 100).Select(i => Sample.Plan.Rules[0].Actions[0] with { Position = i })] }],
    };

    private static async Task<EventProtocol.IngestReply.Refused> AskAsync(IActorRef door, EventProtocol.Ingest ingest)
    {
        using var deadline = new CancellationTokenSource(StaticNodes.Deadline);
        while (true)
        {
            try
            {
                return await door.Ask<EventProtocol.IngestReply.Refused>(ingest, TimeSpan.FromSeconds(5), deadline.Token);
            }
            catch (AskTimeoutException)
            {
                Assert.False(deadline.IsCancellationRequested, $"bucket {ingest.Bucket} does not answer");
            }
        }
    }

    private static async Task<(Heard Heard, IActorRef Sink)> SinkAsync(StaticNodes nodes)
    {
        var heard = new Heard();
        nodes[1].System.ActorOf(Props.Create(() => new Sink(heard)), "sink");
        var sink = await nodes[0].System.ActorSelection($"{nodes[1].Address}/user/sink").ResolveOne(StaticNodes.Deadline);
        return (heard, sink);
    }

    private sealed record Unregistered(string Text);

    private sealed class Heard
    {
        private ImmutableList<object> _all = [];

        public ImmutableList<object> All => Volatile.Read(ref _all);

        public int Count => All.Count;

        public void Add(object message) => ImmutableInterlocked.Update(ref _all, list => list.Add(message));

        public IEnumerable<T> Select<T>(Func<object, T> selector) => All.Select(selector);
    }

    private sealed class Sink(Heard heard) : UntypedActor
    {
        protected override void OnReceive(object message) => heard.Add(message);
    }

    /// <summary>Stands for a bucket: answers with its node and with what it got.</summary>
    private sealed class Measure : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case EventProtocol.Ingest ingest:
                    Sender.Tell(new EventProtocol.IngestReply.Refused(
                        Akka.Cluster.Cluster.Get(Context.System).SelfAddress.ToString(),
                        $"{ingest.Event.Raw.Length} and {ingest.Plan.Rules[0].Actions.Length} actions"));
                    break;
                case EventProtocol.HandOff:
                    Context.Stop(Self);
                    break;
                case EventProtocol.Wake:
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }
    }
}
