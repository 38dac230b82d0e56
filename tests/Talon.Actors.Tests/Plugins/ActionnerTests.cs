using Talon.Actors.Clients.Calls;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.Actors.Tests.Pipeline;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Plugins;

public sealed class ActionnerTests
{
    private static readonly ParameterSchema Schema = new([Text("first"), Text("second")]);

    private readonly Counter _reads = new();

    [Fact]
    public async Task Parameters_OfOneAction_AreReadOnceAndHandedIn()
    {
        var probe = new Probe(_reads);
        var request = Request(("first", "a"), ("second", "b"));

        Assert.Equal("a", probe.ExclusionKey(request.Event, request.Action));
        Assert.Equal(TimeSpan.FromSeconds(30), probe.DefaultTimeout(request.Action));
        var ready = Assert.IsType<Preparation.Ready>(await probe.PrepareAsync(request, ActionnerRig.Scope()));
        Assert.Equal("ab", Assert.IsType<ActionOutcome.Succeeded>(await probe.RunAsync(request, ready, ActionnerRig.Scope())).Output);
        Assert.Equal(1, _reads.Count);

        var other = Request(("first", "c"), ("second", "d"));
        Assert.Equal("c", probe.ExclusionKey(other.Event, other.Action));
        Assert.Equal(2, _reads.Count);
    }

    [Fact]
    public async Task Parameters_Wrong_EndAsInvalidAndSayAllThatIsWrong()
    {
        var probe = new Probe(_reads);
        var request = Request();

        Assert.Null(probe.ExclusionKey(request.Event, request.Action));
        Assert.Equal(TimeSpan.FromSeconds(30), probe.DefaultTimeout(request.Action));
        var done = Assert.IsType<Preparation.Done>(await probe.PrepareAsync(request, ActionnerRig.Scope()));
        var failed = Assert.IsType<ActionOutcome.Failed>(done.Outcome);
        Assert.Equal(
            (FailureKind.Invalid, "parameter 'first' is missing; parameter 'second' is missing"), (failed.Kind, failed.Reason));
        Assert.Same(failed, await probe.RunAsync(request, new Preparation.Ready(null, "try", SampleOutcomes.NoObjects), ActionnerRig.Scope()));
        Assert.Equal(1, _reads.Count);
    }

    private static ParameterSpec Text(string name) => new() { Name = name, Type = ParameterType.Text, Required = true, Description = "A text." };

    private static ActionRequest Request(params (string Name, string Value)[] parameters) => ActionnerRig.Request(
        "kubernetes:fake",
        ActionnerRig.EventFor("shop", "cart-0"),
        ParameterMap.From(parameters.Select(one => new KeyValuePair<string, ParameterValue>(one.Name, new ParameterValue.Text(one.Value)))));

    private sealed class Counter
    {
        public int Count { get; set; }
    }

    private sealed record Pair(string First, string Second);

    private sealed class Probe(Counter reads) : Actionner<Pair>(written =>
    {
        reads.Count++;
        var (map, problems) = Schema.Bind(written);
        return (new Pair(map.GetText("first") ?? "", map.GetText("second") ?? ""), problems);
    })
    {
        public override ActionnerDescriptor Descriptor { get; } = new FakeActionner().Descriptor;

        protected override string? ExclusionKey(FalcoEvent falcoEvent, Pair parameters) => parameters.First;

        protected override Task<Preparation> PrepareAsync(ActionRequest request, Pair parameters, CallScope scope) =>
            Task.FromResult<Preparation>(new Preparation.Ready(null, "try", SampleOutcomes.NoObjects));

        protected override Task<ActionOutcome> RunAsync(ActionRequest request, Pair parameters, Preparation.Ready ready, CallScope scope) =>
            Task.FromResult<ActionOutcome>(new ActionOutcome.Succeeded(parameters.First + parameters.Second, SampleOutcomes.NoObjects));
    }
}
