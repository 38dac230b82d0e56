using Talon.Rules.Matching;
using Talon.Rules.Planning;

namespace Talon.Rules.Tests.Matching;

public sealed class RuleSetTests
{
    private const string Label = "actionner: \"kubernetes:label\", parameters: {labels: {x: y}}";
    private const string EveryOperator = """
        hostname: [g, h]
        output_fields:
          - a in (x, y)
          - escaped cidr 10.2.0.0/16
          - a in (a, b, c), a startswith b, a exists, v4 cidr 10.0.0.0/8, v6 cidr fd00::/8, m cidr 10.0.0.0/8, escaped cidr 10.1.0.0/16, escaped startswith 10, escaped in (10.1.2.3)
        """;

    private const string Terminate = "actionner: \"kubernetes:terminate\"";

    [Theory]
    // Actions of one rule; what is planned.
    [InlineData("action: a, LABEL | action: b, LABEL", "a b")]
    [InlineData("action: a, LABEL, continue: false | action: b, LABEL", "a")]
    [InlineData("action: a, TERMINATE | action: b, LABEL", "a")]
    [InlineData("action: a, TERMINATE, continue: true | action: b, LABEL", "a b")]
    [InlineData("action: a, TERMINATE, continue: 'true' | action: b, LABEL, continue: 'false' | action: c, LABEL", "a b")]
    public void Plan_ContinueOfActions_DecidesWhatIsPlanned(string actions, string expected)
    {
        var plan = Make.Rules($"- rule: T\n  actions:{Lines(actions)}").Plan(Make.EventOf())!;
        Assert.Equal(expected.Split(' '), plan.Rules[0].Actions.Select(action => action.Name));
    }

    [Theory]
    [InlineData("", "A B C")]
    [InlineData("continue: true", "A B C")]
    [InlineData("continue: false", "A")]
    [InlineData("dry_run: true", "A B C")]
    [InlineData("dry_run: \"true\"\n  continue: \"false\"", "A")]
    public void Plan_ContinueOfTheFirstRule_DecidesAboutTheOthers(string flags, string expected)
    {
        var rules = Make.Rules($"- rule: A\n  {flags}\n  actions: [{{action: a, {Label}}}]\n" + Any("B") + Any("C"));
        var match = rules.Match(Make.EventOf());
        Assert.Equal(["A", "B", "C"], match.Names.ToArray());
        Assert.Equal(expected.Split(' '), match.Plan!.Rules.Select(rule => rule.Name));
        Assert.Equal(flags.Contains("dry_run", StringComparison.Ordinal), match.Plan.Rules[0].DryRun);
    }

    [Fact]
    public void Plan_PositionsRunOverAllRules()
    {
        var rules = Make.Rules($"- rule: A\n  actions: [{{action: a, {Label}}}, {{action: b, {Label}}}]\n" + Any("B"));
        var plan = rules.Plan(Make.EventOf())!;
        Assert.Equal([0, 1, 2], plan.Rules.SelectMany(rule => rule.Actions).Select(action => action.Position));
        Assert.Equal(rules.Hash, plan.RuleSetHash);
    }

    [Theory]
    [InlineData("tags: [a]", "tags: [a, a]")]
    [InlineData("tags: ['a, b']", "tags: ['b, a, b', 'a, b']")]
    [InlineData("output_fields: ['a=b']", "output_fields: ['a=b', 'a=b']")]
    [InlineData("output_fields: ['a=b']", "output_fields: ['a=b, a=b']")]
    public void Hash_SaidTwice_IsTheSame(string once, string twice) => Assert.Equal(Make.Rules(Make.Rule(once)).Hash, Make.Rules(Make.Rule(twice)).Hash);

    [Fact]
    public void Plan_NothingMatches_IsNull()
    {
        var rules = Make.Rules(Make.Rule("rules: [X]"));
        Assert.Null(rules.Plan(Make.EventOf()));
        Assert.True(rules.Match(Make.EventOf()).IsEmpty);
        Assert.Equal(0, rules.Match(Make.EventOf()).Count);
    }

    [Fact]
    public void Plan_SameMatchingRules_IsTheSameInstance()
    {
        var rules = Make.Rules(Any("A") + Make.Rule("tags: [t]", "B"));
        var one = rules.Plan(Make.EventOf(tags: ["t"]));
        Assert.Same(one, rules.Plan(Make.EventOf(priority: "Debug", tags: ["t"])));
        Assert.NotSame(one, rules.Plan(Make.EventOf()));
    }

    [Fact]
    public void Match_NamedAndUnnamedRules_StayInFileOrder()
    {
        var rules = Make.Rules(Make.Rule("rules: [R]", "A") + Any("B") + Make.Rule("rules: [R, R, S]", "C") + Make.Rule("rules: [S]", "D") + Any("E"));
        Assert.Equal(["A", "B", "C", "E"], rules.Match(Make.EventOf()).Names.ToArray());
        Assert.Equal(["B", "C", "D", "E"], rules.Match(Make.EventOf(rule: "S")).Names.ToArray());
        Assert.Equal(["B", "E"], rules.Match(Make.EventOf(rule: "Z")).Names.ToArray());
    }

    [Fact]
    public void Match_MoreRulesThanFitTheStack_FindsAll()
    {
        var rules = Make.Rules(string.Concat(Enumerable.Range(0, 700).Select(i => Make.Rule("tags: [t]", $"R{i}"))));
        Assert.Equal(700, rules.Match(Make.EventOf(tags: ["t"])).Count);
        Assert.Equal("R699", rules.Match(Make.EventOf(tags: ["t"])).Names[^1]);
    }

    [Fact]
    public void Match_EveryCombinationOfManyRules_KeepsTheCacheBounded()
    {
        var rules = Make.Rules(string.Concat(Enumerable.Range(0, 10).Select(i => Make.Rule($"tags: [t{i}]", $"R{i}")))).Rules;
        var cache = new MatchedSetCache("h", rules, capacity: 100);
        for (int bits = 1; bits < 1024; bits++)
        {
            int[] indexes = [.. Enumerable.Range(0, 10).Where(i => (bits & (1 << i)) != 0)];
            Assert.Equal(indexes.Select(i => $"R{i}"), cache.Get(indexes).Names);
            Assert.InRange(cache.Count, 1, 100);
        }
    }

    [Fact]
    public void Match_LargeCombinations_KeepTheCacheBoundedBySize()
    {
        var rules = Make.Rules(string.Concat(Enumerable.Range(0, 40).Select(i => Make.Rule($"tags: [t{i}]", $"R{i}")))).Rules;
        var cache = new MatchedSetCache("h", rules, capacity: 100, room: 400);
        MatchedSet? last = null;
        for (int i = 0; i < 40; i++)
        {
            // 39 names and 39 actions each: five of them have room.
            int[] indexes = [.. Enumerable.Range(0, 40).Where(index => index != i)];
            var set = cache.Get(indexes);
            Assert.Equal(78, set.Size);
            Assert.Same(set, cache.Get(indexes));
            Assert.NotSame(set, last);
            Assert.Equal(1 + (i % 5), cache.Count);
            Assert.Equal(78 * cache.Count, cache.Size);
            last = set;
        }

        // What alone is larger than the room is remembered as long as nothing else comes.
        var small = new MatchedSetCache("h", rules, capacity: 100, room: 10);
        int[] all = [.. Enumerable.Range(0, 40)];
        Assert.Same(small.Get(all), small.Get(all));
        Assert.Equal((1, 80L), (small.Count, small.Size));
        small.Get([0]);
        Assert.Equal((1, 2L), (small.Count, small.Size));
    }

    // Each event of its own combination of many rules: what is kept must not grow with the events.
    [Fact]
    public void Match_ManyEventsOfVaryingFields_KeepBoundedPlans()
    {
        var rules = Make.Rules(string.Concat(Enumerable.Range(0, 1000).Select(i => Make.Rule($"output_fields: ['f{i}!=x']", $"R{i}")))).Rules;
        var cache = new MatchedSetCache("h", rules);
        for (int i = 0; i < 300; i++)
        {
            cache.Get([.. Enumerable.Range(0, 1000).Where(index => index != i)]);
            Assert.InRange(cache.Size, 1998, 200_000);
            Assert.Equal(cache.Size, cache.Count * 1998L);
        }
    }

    [Fact]
    public void Match_SeenBefore_AllocatesNothing()
    {
        var rules = Make.Rules(Any("A") + Make.Rule("rules: [R]\noutput_fields: ['a=b, c!=d', 'x=y']\ntags: ['t, u']\npriority: '>=Notice'", "B")
            + Make.Rule(EveryOperator, "C") + Make.Rule("not: {rules: [S], hostname: h}", "D"));
        var falcoEvent = Make.Event(
            "{\"rule\":\"R\",\"priority\":\"Warning\",\"hostname\":\"h\",\"tags\":[\"t\",\"u\"],\"output_fields\":{\"a\":\"b\",\"c\":1,\"v4\":\"10.1.2.3\","
            + "\"v6\":\"fd00::1:2\",\"m\":\"::ffff:10.1.2.3\",\"escaped\":\"10.\\u0031.2.3\"}}");
        Assert.Equal(["A", "B", "C", "D"], rules.Match(falcoEvent).Names.ToArray());
        EventPlan? plan = null;
        // The first measured rounds may still pay for compilation; any allocation of Match itself would show in all of them.
        long least = long.MaxValue;
        for (int round = 0; round < 20; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                plan = rules.Plan(falcoEvent);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.NotNull(plan);
        Assert.Equal(0, least);
    }

    [Fact]
    public void Hash_SameMeaningOtherLayout_IsTheSame()
    {
        string hash = Make.Rules("- rule: A\n  match: {rules: [x, y], priority: '>=Warning', tags: ['a,b', c], output_fields: ['k=v, l!=w']}\n  actions:\n    - action: a\n      actionner: kubernetes:label\n      parameters: {labels: {p: q, r: s}}\n").Hash;
        Assert.Matches("^[0-9a-f]{32}$", hash);
        Assert.Equal(hash, Make.Rules("""
            # a comment
            - action: a
              description: from a block
              actionner: kubernetes:label
              parameters: {Labels: {r: s, p: q}}
            - rule: A
              description: other words
              match: {output_fields: ['l!=w,k="v"'], tags: [c, 'b, a'], rules: ["y", "x", "x"], priority: '>=warning'}
              actions: [{action: a}]
            """).Hash);
    }

    [Theory]
    [InlineData("priority: '>=Warning'", "priority: '>Warning'")]
    [InlineData("output_fields: [a=b]", "output_fields: [a!=b]")]
    [InlineData("output_fields: ['a=b, c=d']", "output_fields: [a=b, c=d]")]
    [InlineData("tags: ['a, b']", "tags: [a, b]")]
    [InlineData("source: x", "rules: [x]")]
    [InlineData("source: x", "hostname: x")]
    [InlineData("source: x", "not: {source: x}")]
    [InlineData("hostname: x", "hostname: [x, y]")]
    [InlineData("not: {source: x, rules: [y]}", "not: {source: x}")]
    [InlineData("not: {rules: [x]}", "not: {hostname: [x]}")]
    [InlineData("output_fields: ['a in (b)']", "output_fields: ['a in (c)']")]
    [InlineData("output_fields: ['a in (b, c)']", "output_fields: ['a in (\"b, c\")']")]
    [InlineData("output_fields: ['a in (b)']", "output_fields: [a startswith b]")]
    [InlineData("output_fields: [a exists]", "output_fields: [b exists]")]
    [InlineData("output_fields: [a cidr 10.0.0.0/8]", "output_fields: [a cidr 10.0.0.0/9]")]
    public void Hash_OtherMeaning_IsAnother(string one, string other) =>
        Assert.NotEqual(Make.Rules(Make.Rule(one)).Hash, Make.Rules(Make.Rule(other)).Hash);

    [Theory]
    [InlineData("output_fields: ['a in (c, b, b)', 'd exists, e startswith f']", "output_fields: ['e   startswith \"f\" , d exists', 'a in (b,c)']")]
    [InlineData("output_fields: ['a cidr FD00:0::/8', 'a cidr ::ffff:10.0.0.0/104']", "output_fields: ['a cidr 10.0.0.0/8', 'a cidr fd00::/8']")]
    [InlineData("hostname: x", "hostname: [x]")]
    [InlineData("hostname: [x, y]", "hostname: [y, x, x]")]
    [InlineData("not: {rules: [a, b], tags: ['x, y', z]}", "not: {tags: [z, 'y, x'], rules: [b, a]}")]
    public void Hash_SameConditionsInOtherWords_IsTheSame(string one, string other) =>
        Assert.Equal(Make.Rules(Make.Rule(one)).Hash, Make.Rules(Make.Rule(other)).Hash);

    [Fact]
    public void Hash_OtherFlags_IsAnother()
    {
        string[] variants = ["", "continue: false", "dry_run: true", "notifiers: [slack]"];
        string[] actions = ["", ", continue: false", ", ignore_errors: true", ", timeout: 5", ", max_age: 0", ", retry_interrupted: true"];
        var hashes = variants.SelectMany(rule => actions.Select(action => Make.Rules($"- rule: A\n  {rule}\n  actions: [{{action: a, {Label}{action}}}]\n").Hash)).ToList();
        // 'continue: false' of the last action changes nothing that could happen.
        Assert.Equal(variants.Length * (actions.Length - 1), hashes.Distinct(StringComparer.Ordinal).Count());
    }

    private static string Any(string name) => $"- rule: {name}\n  actions: [{{action: a, {Label}}}]\n";

    private static string Lines(string actions) => string.Concat(
        actions.Replace("LABEL", Label, StringComparison.Ordinal).Replace("TERMINATE", Terminate, StringComparison.Ordinal)
            .Split(" | ").Select(action => "\n    - {" + action + "}"));
}
