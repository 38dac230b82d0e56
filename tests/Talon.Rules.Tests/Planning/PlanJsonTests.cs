using System.Collections.Immutable;
using System.Text;
using CsCheck;
using Talon.Rules.Catalog;
using Talon.Rules.Planning;

namespace Talon.Rules.Tests.Planning;

public sealed class PlanJsonTests
{
    private static readonly Gen<ParameterValue> GenLeaf = Gen.OneOf(
        Gen.String.Select(text => (ParameterValue)new ParameterValue.Text(Valid(text))),
        Gen.Long.Select(number => (ParameterValue)new ParameterValue.Whole(number)),
        Gen.Bool.Select(flag => (ParameterValue)new ParameterValue.Flag(flag)),
        Gen.Double.Select(number => (ParameterValue)new ParameterValue.Real(number.ToString("R"))),
        Gen.Const((ParameterValue)new ParameterValue.Nothing()));

    private static readonly Gen<ParameterValue> GenValue = Gen.Recursive<ParameterValue>((depth, self) => depth > 3
        ? GenLeaf
        : Gen.OneOf(
            GenLeaf,
            self.Array[0, 3].Select(items => (ParameterValue)new ParameterValue.List([.. items])),
            Gen.Select(Gen.String, self).Array[0, 3].Select(entries => (ParameterValue)new ParameterValue.Map(MapOf(entries)))));

    private static readonly Gen<ParameterMap> GenMap = Gen.Select(Gen.String, GenValue).Array[0, 4].Select(MapOf);

    private static readonly Gen<PlannedAction> GenAction = Gen.Select(
        Gen.String, GenMap, Gen.Bool, Gen.String.Array[0, 2], Gen.Select(Gen.Bool, GenMap), Gen.Long[-5, 1_000_000_000],
        (name, parameters, flag, contexts, output, ticks) => new PlannedAction
        {
            Position = 0,
            Name = Valid(name),
            Actionner = ActionnerName.Parse("kubernetes:exec"),
            Parameters = parameters,
            IgnoreErrors = flag,
            AdditionalContexts = [.. contexts.Select(Valid)],
            Output = output.Item1 ? new PlannedOutput("aws:s3", output.Item2) : null,
            Timeout = ticks > 0 ? TimeSpan.FromTicks(ticks) : null,
            MaxAge = ticks >= 0 ? TimeSpan.FromTicks(ticks / 2) : null,
            RetryInterrupted = !flag,
            SaysContinue = ticks % 3 == 0 ? null : ticks % 2 == 0,
        });

    private static readonly Gen<EventPlan> GenPlan = Gen.Select(Gen.String, Gen.Bool, Gen.String.Array[0, 2], GenAction.Array[1, 3])
        .Array[0, 3].Select(rules =>
        {
            int position = 0;
            return new EventPlan("0123", [.. rules.Select(rule => new PlannedRule(
                Valid(rule.Item1), rule.Item2, [.. rule.Item3.Select(Valid)], [.. rule.Item4.Select(action => action with { Position = position++ })])
            {
                SaysContinue = rule.Item2 ? null : rule.Item3.Length > 0,
            })]);
        });

    [Fact]
    public void ToUtf8_FullPlan_IsTheGoldenForm()
    {
        string golden = File.ReadAllText(Make.GoldenPath("plan.v1.json")).TrimEnd('\n');
        Assert.Equal(golden, Encoding.UTF8.GetString(PlanJson.ToUtf8(Sample()).Span));
        AssertSame(Sample(), PlanJson.Parse(Encoding.UTF8.GetBytes(golden)));
    }

    [Fact]
    public void Parse_AnyPlan_RoundTrips() => GenPlan.Sample(
        plan => AssertSame(plan, PlanJson.Parse(PlanJson.ToUtf8(plan).Span)), iter: 3000);

    [Fact]
    public void ToUtf8_SamePlan_IsWrittenOnce()
    {
        var plan = Sample();
        Assert.True(PlanJson.ToUtf8(plan).Equals(PlanJson.ToUtf8(plan)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"v\":1}")]
    [InlineData("{\"v\":2,\"set\":\"h\",\"rules\":[]}")]
    [InlineData("{\"v\":1,\"set\":null,\"rules\":[]}")]
    [InlineData("{\"v\":1,\"set\":\"h\",\"rules\":[],\"more\":1}")]
    [InlineData("{\"v\":1,\"set\":\"h\",\"rules\":[{\"name\":\"r\"}]}")]
    [InlineData("{\"v\":1,\"set\":\"h\",\"rules\":[{\"name\":\"r\",\"actions\":[{\"pos\":1,\"name\":\"a\",\"actionner\":\"k:l\"}]}]}")]
    [InlineData("{\"v\":1,\"set\":\"h\",\"rules\":[{\"name\":\"r\",\"actions\":[{\"pos\":0,\"name\":\"a\",\"actionner\":\"kl\"}]}]}")]
    [InlineData("{\"v\":1,\"set\":\"h\",\"rules\":[{\"name\":\"r\",\"actions\":[{\"pos\":0,\"name\":\"a\",\"actionner\":\"k:l\",\"parameters\":{\"x\":[]}}]}]}")]
    [InlineData("{\"v\":1,\"set\":\"h\",\"rules\":[{\"name\":\"r\",\"actions\":[{\"pos\":0,\"name\":\"a\",\"actionner\":\"k:l\",\"parameters\":{\"x\":1.5}}]}]}")]
    [InlineData("{\"v\":1,\"set\":\"h\",\"rules\":[{\"name\":\"r\",\"actions\":[{\"pos\":0,\"name\":\"a\",\"actionner\":\"k:l\",\"timeout\":\"5\"}]}]}")]
    [InlineData("{\"v\":1,\"set\":\"h\",\"rules\":[{\"name\":\"r\",\"actions\":[{\"pos\":0,\"name\":\"a\",\"actionner\":\"k:l\",\"ignore_errors\":1}]}]}")]
    public void Parse_Damaged_Throws(string text) => Assert.Throws<FormatException>(() => PlanJson.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Parse_EveryTruncation_Throws()
    {
        byte[] whole = PlanJson.ToUtf8(Sample()).ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<FormatException>(() => PlanJson.Parse(whole.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Parse_RandomlyDamaged_ThrowsFormatExceptionOrReadsAPlan()
    {
        byte[] whole = PlanJson.ToUtf8(Sample()).ToArray();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 4].Sample(
            edits =>
            {
                byte[] damaged = [.. whole];
                foreach (var (at, value) in edits)
                {
                    damaged[at] = value;
                }

                try
                {
                    _ = PlanJson.Parse(damaged);
                }
                catch (FormatException)
                {
                    // Just what is promised.
                }
            },
            iter: 20_000);
    }

    private static EventPlan Sample() => new(
        "00112233445566778899aabbccddeeff",
        [
            new PlannedRule("Terminal shell", DryRun: true, ["slack", "k8sevents"],
            [
                new PlannedAction
                {
                    Position = 0,
                    Name = "Label \"it\" <ü>",
                    Actionner = ActionnerName.Parse("kubernetes:label"),
                    Parameters = ParameterMap.Empty
                        .With("labels", new ParameterValue.Map(ParameterMap.Empty.With("b", new ParameterValue.Nothing()).With("a", new ParameterValue.Text("true"))))
                        .With("list", new ParameterValue.List([new ParameterValue.Whole(-1), new ParameterValue.Real("1.50"), new ParameterValue.Flag(false)])),
                    IgnoreErrors = true,
                    AdditionalContexts = ["k8snode"],
                    Output = new PlannedOutput("aws:s3", ParameterMap.Empty.With("bucket", new ParameterValue.Text("b"))),
                    Timeout = TimeSpan.FromSeconds(90),
                    MaxAge = TimeSpan.Zero,
                    RetryInterrupted = true,
                },
            ]),
            new PlannedRule("Second", DryRun: false, [],
            [
                new PlannedAction
                {
                    Position = 1, Name = "Terminate", Actionner = ActionnerName.Parse("kubernetes:terminate"), Parameters = ParameterMap.Empty, IgnoreErrors = false, SaysContinue = true,
                },
            ]) { SaysContinue = false },
        ]);

    private static void AssertSame(EventPlan expected, EventPlan actual)
    {
        Assert.Equal(expected.RuleSetHash, actual.RuleSetHash);
        Assert.Equal(expected.Rules.Length, actual.Rules.Length);
        foreach (var (one, other) in expected.Rules.Zip(actual.Rules))
        {
            Assert.Equal((one.Name, one.SaysContinue, one.DryRun), (other.Name, other.SaysContinue, other.DryRun));
            Assert.Equal(one.Notifiers.ToArray(), other.Notifiers.ToArray());
            Assert.Equal(one.Actions.Length, other.Actions.Length);
            foreach (var (a, b) in one.Actions.Zip(other.Actions))
            {
                Assert.Equal(a.AdditionalContexts.ToArray(), b.AdditionalContexts.ToArray());
                Assert.Equal(a with { AdditionalContexts = ImmutableArray<string>.Empty }, b with { AdditionalContexts = ImmutableArray<string>.Empty });
            }
        }
    }

    private static ParameterMap MapOf((string Name, ParameterValue Value)[] entries) =>
        ParameterMap.From(entries.Select(entry => KeyValuePair.Create(Valid(entry.Name), entry.Value)));

    // A lone surrogate cannot come out of a rule file, which is UTF-8.
    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
