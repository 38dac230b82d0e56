using System.Collections.Immutable;
using System.Text;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Pipeline.Categories;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Pipeline.Categories;

public sealed class ActionPreparerTests
{
    private readonly FakeOutput _output = new();
    private readonly List<string> _noted = [];

    [Fact]
    public async Task Prepare_Contexts_AreLookedUpInOrderAndEmptyValuesLeftOut()
    {
        var fake = new FakeActionner(usesContexts: true);
        var actionPreparer = new ActionPreparer(
            new Dictionary<string, IContext>(StringComparer.Ordinal)
            {
                ["one"] = new FakeContext(_ => new ContextResult.Found(Values(("a", "1"), ("b", "1"), ("empty", "")))),
                ["two"] = new FakeContext(request => new ContextResult.Found(Values(("b", $"after {request.Context["a"]}")))),
            },
            NoOutputs,
            Note);
        var request = Request() with { Context = Values(("falco-talon.rule", "A rule")) };

        var prepared = await actionPreparer.PrepareAsync(
            fake, request with { Action = request.Action with { AdditionalContexts = ["one", "two"] } }, ActionnerRig.Scope());

        Assert.Equal(
            ["a=1", "b=after 1", "falco-talon.rule=A rule"], prepared.Request.Context.Select(value => $"{value.Key}={value.Value}"));
        Assert.Same(prepared.Request, Assert.Single(fake.Prepared));
    }

    [Fact]
    public async Task Prepare_ContextFails_TheActionEndsWithIt()
    {
        var fake = new FakeActionner(usesContexts: true);
        var actionPreparer = new ActionPreparer(
            new Dictionary<string, IContext>(StringComparer.Ordinal)
            {
                ["one"] = new FakeContext(_ => new ContextResult.Failed(new ActionOutcome.Failed(FailureKind.Forbidden, "no right", SampleOutcomes.NoObjects))),
            },
            NoOutputs,
            Note);
        var request = Request();

        var prepared = await actionPreparer.PrepareAsync(
            fake, request with { Action = request.Action with { AdditionalContexts = ["one"] } }, ActionnerRig.Scope());

        var failed = Assert.IsType<ActionOutcome.Failed>(Assert.IsType<Preparation.Done>(prepared.Preparation).Outcome);
        Assert.Equal((FailureKind.Forbidden, "the context one: no right"), (failed.Kind, failed.Reason));
        Assert.Empty(fake.Prepared);
    }

    [Fact]
    public async Task Prepare_ContextIsNotThereYet_TheActionComesLater()
    {
        var fake = new FakeActionner(usesContexts: true);
        var actionPreparer = new ActionPreparer(
            new Dictionary<string, IContext>(StringComparer.Ordinal) { ["one"] = new FakeContext(_ => new ContextResult.Later("no container yet")) }, NoOutputs, Note);
        var request = Request();

        var prepared = await actionPreparer.PrepareAsync(
            fake, request with { Action = request.Action with { AdditionalContexts = ["one"] } }, ActionnerRig.Scope());

        Assert.Equal("the context one: no container yet", Assert.IsType<Preparation.Later>(prepared.Preparation).Reason);
        Assert.Empty(fake.Prepared);
    }

    [Fact]
    public async Task Prepare_ActionnerWithoutUseForContexts_LooksNothingUp()
    {
        var fake = new FakeActionner();
        var actionPreparer = new ActionPreparer(
            new Dictionary<string, IContext>(StringComparer.Ordinal) { ["one"] = new FakeContext(_ => throw new InvalidOperationException("asked")) }, NoOutputs, Note);
        var request = Request();

        var prepared = await actionPreparer.PrepareAsync(
            fake, request with { Action = request.Action with { AdditionalContexts = ["one"] } }, ActionnerRig.Scope());

        Assert.IsType<Preparation.Ready>(prepared.Preparation);
    }

    [Fact]
    public async Task Prepare_OutputWouldRefuse_TheActionDoesNotBegin()
    {
        var fake = new FakeActionner(output: OutputUse.Required);
        _output.Trouble = new ActionOutcome.Failed(FailureKind.NotFound, "the folder does not exist", SampleOutcomes.NoObjects);

        var prepared = await Equip(fake, WithOutput("fake:out"));

        var failed = Assert.IsType<ActionOutcome.Failed>(Assert.IsType<Preparation.Done>(prepared.Preparation).Outcome);
        Assert.Equal("the folder does not exist", failed.Reason);
        Assert.Equal(("fake:out", false), (failed.Artifact!.Target, failed.Artifact.Stored));
        Assert.Empty(fake.Prepared);
        Assert.Equal("fake:out: the folder does not exist", Assert.Single(_noted));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Store_Fails_IsNotedUnlessTheArtifactIsTheReason(bool isOfArtifact)
    {
        var prepared = await Equip(new FakeActionner(output: OutputUse.Allowed), WithOutput("fake:out"));
        var trouble = new ActionOutcome.Failed(FailureKind.ServerError, "it broke", SampleOutcomes.NoObjects);
        _output.Full = isOfArtifact ? null : trouble;

        var outcome = await prepared.Request.Output!.StoreAsync(
            new Artifact("log", SampleOutcomes.NoObjects, prepared.Request.Origin, (_, _) => Task.FromResult<ActionOutcome.Failed?>(trouble)),
            "read",
            SampleOutcomes.NoObjects,
            ActionnerRig.Scope());

        Assert.Equal("it broke", Assert.IsType<ActionOutcome.Failed>(outcome).Reason);
        Assert.Equal(isOfArtifact ? [] : ["fake:out: it broke"], _noted);
    }

    [Theory]
    [InlineData(null, "kubernetes:fake needs an output, and the action has none")]
    [InlineData("absent:out", "this node has no output absent:out")]
    public async Task Prepare_NoOutput_Fails(string? target, string reason)
    {
        var prepared = await Equip(new FakeActionner(output: OutputUse.Required), target is null ? Request() : WithOutput(target));

        Assert.Equal(reason, Assert.IsType<ActionOutcome.Failed>(Assert.IsType<Preparation.Done>(prepared.Preparation).Outcome).Reason);
    }

    [Fact]
    public async Task Store_Artifact_TellsWhereItIsWithSizeAndDigest()
    {
        var prepared = await Equip(new FakeActionner(output: OutputUse.Allowed), WithOutput("fake:out"));

        var outcome = await prepared.Request.Output!.StoreAsync(
            Artifact(prepared.Request, "abc"), "the log was read", SampleOutcomes.NoObjects, ActionnerRig.Scope());

        var success = Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal("the log was read", success.Output);
        Assert.Equal(
            "kept (3 bytes, sha256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad)", success.Artifact!.Text);
        Assert.Equal("abc", _output.Stored);
        Assert.Equal("fake:out: stored", Assert.Single(_noted));
    }

    [Fact]
    public async Task Store_EmptyArtifact_IsStored()
    {
        var prepared = await Equip(new FakeActionner(output: OutputUse.Allowed), WithOutput("fake:out"));

        var outcome = await prepared.Request.Output!.StoreAsync(Artifact(prepared.Request, ""), "read", SampleOutcomes.NoObjects, ActionnerRig.Scope());

        var success = Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal(
            "kept (0 bytes, sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855)", success.Artifact!.Text);
        Assert.Equal("", _output.Stored);
    }

    private void Note(string output, string? failure) => _noted.Add($"{output}: {failure ?? "stored"}");

    private static IReadOnlyDictionary<string, IOutput> NoOutputs => ImmutableDictionary<string, IOutput>.Empty;

    private Task<ActionPreparer.Prepared> Equip(FakeActionner fake, ActionRequest request) => new ActionPreparer(
        ImmutableDictionary<string, IContext>.Empty, new Dictionary<string, IOutput>(StringComparer.Ordinal) { ["fake:out"] = _output }, Note)
        .PrepareAsync(fake, request, ActionnerRig.Scope());

    private static ActionRequest Request() => ActionnerRig.Request("kubernetes:fake", Sample.Event());

    private static ActionRequest WithOutput(string target)
    {
        var request = Request();
        return request with { Action = request.Action with { Output = new PlannedOutput(target, ParameterMap.Empty) } };
    }

    private static ImmutableSortedDictionary<string, string> Values(params (string Key, string Value)[] values) =>
        values.ToImmutableSortedDictionary(value => value.Key, value => value.Value, StringComparer.Ordinal);

    private static Artifact Artifact(ActionRequest request, string content) => new(
        "log",
        SampleOutcomes.NoObjects,
        request.Origin,
        async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(content), token);
            return null;
        });

    private sealed class FakeContext(Func<ActionRequest, ContextResult> lookUp) : IContext
    {
        public ContextDescriptor Descriptor => new() { Name = "fake", Description = "A fake.", Keys = [], Rbac = "" };

        public Task<ContextResult> LookUpAsync(ActionRequest request, CallScope scope) => Task.FromResult(lookUp(request));
    }

    private sealed class FakeOutput : IOutput
    {
        public ActionOutcome.Failed? Trouble { get; set; }

        public ActionOutcome.Failed? Full { get; set; }

        public string? Stored { get; private set; }

        public OutputDescriptor Descriptor => new()
        {
            Name = "fake:out",
            Description = "A fake.",
            Parameters = ParameterSchema.None,
            Permissions = "",
            Example = "",
        };

        public Task<ActionOutcome.Failed?> CheckAsync(ParameterMap parameters, CallScope scope) => Task.FromResult(Trouble);

        public Task<OutputTest> TestAsync(ParameterMap parameters, Artifact artifact, CallScope scope) => throw new NotSupportedException();

        public async Task<StoreResult> StoreAsync(ParameterMap parameters, Artifact artifact, CallScope scope)
        {
            if (Full is not null)
            {
                return new StoreResult.Failed(Full);
            }

            using var buffer = new MemoryStream();
            switch (await artifact.WriteToAsync(buffer, scope.Token))
            {
                case ArtifactContent.Whole whole:
                    Stored = Encoding.UTF8.GetString(buffer.ToArray());
                    return new StoreResult.Stored("kept", SampleOutcomes.NoObjects, whole);
                case ArtifactContent.Broken broken:
                    return new StoreResult.Failed(broken.Why) { IsOfArtifact = true };
                default:
                    throw new InvalidOperationException("no such content");
            }
        }
    }
}
