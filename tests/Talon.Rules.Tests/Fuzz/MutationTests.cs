using System.Globalization;
using System.Text;
using Talon.Rules.Events;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Files;
using Talon.Rules.Matching;
using Talon.Rules.Planning;
using Talon.Rules.Tests.Events;
using Talon.Rules.Variables;

namespace Talon.Rules.Tests.Fuzz;

/// <summary>
/// Seeded damage to real events and rule files. <c>TALON_FUZZ_ITERATIONS</c> sets how many of each (default 4,000) and
/// <c>TALON_FUZZ_SEED</c> where they begin; a failure names the seed that brings it back with one iteration.
/// </summary>
public sealed class MutationTests
{
    private static readonly int Iterations = Setting("TALON_FUZZ_ITERATIONS", 4_000);
    private static readonly int FirstSeed = Setting("TALON_FUZZ_SEED", 1);

    private static readonly byte[][] EventSamples =
        [.. new[] { "falco.jsonl", "falcosidekick.jsonl" }.SelectMany(file => File.ReadLines(Make.GoldenPath("events", file))).Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] RuleFiles =
        [.. Directory.EnumerateFiles(Make.GoldenPath(), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static readonly string[] JsonScraps =
        ["{", "}", "[", "]", "\"", ",", ":", "\\", "\\u", "\\ud800", "null", "true", "1e9999", "-", "\0", "\u001f", "\"time\":\"", "\"tags\":[", "<NA>", "ü", "\"output_fields\":{", "0.1", "\"\""];

    private static readonly string[] YamlScraps =
        ["- ", ": ", "\n", "  ", "\t", "{", "}", "[", "]", "'", "\"", "|", ">", "&a ", "*a", "<<: ", "!!str ", "---\n", "...\n", "#", "%", "@", "null", "true", "\ud83d\ude00", "=", "!=", ",", " in (", " cidr ", "not:", "rule:", "action:", "${", "\u2028"];

    private static readonly RuleSet Rules = Make.Rules(File.ReadAllText(Make.GoldenPath("match", "000.rules.yaml")));

    [Fact]
    public void Events_Damaged_AreReadOrRefusedInOneLine() => Run(EventSamples, JsonScraps, body =>
    {
        var parsed = FalcoEventParser.Parse(body);
        if (parsed.Event is not { } falcoEvent)
        {
            Assert.NotEmpty(parsed.Error!);
            Assert.DoesNotContain(parsed.Error!, char.IsControl);
            return;
        }

        var again = FalcoEventParser.Parse(Encoding.UTF8.GetBytes(Payload.Of(falcoEvent))).Event;
        Assert.NotNull(again);
        Assert.Equal(falcoEvent.OutputFields.Count, again.OutputFields.Count);
        var detached = falcoEvent.Detach();
        Assert.Equal(EventId.Compute(falcoEvent), EventId.Compute(detached));
        Assert.True(Rules.Match(falcoEvent) == Rules.Match(detached));
        Assert.Equal(Rules.Match(falcoEvent).Count, Rules.Explain(falcoEvent).Count(explanation => explanation.Matches));
        Assert.NotEmpty(VariableSet.Of(falcoEvent, []).Names);
    });

    [Fact]
    public void RuleFiles_Damaged_LoadOrAreRefusedWithAPlace() => Run(RuleFiles, YamlScraps, bytes =>
    {
        string text = Encoding.UTF8.GetString(bytes);
        int lines = text.Count(character => character is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029') + 1;
        var result = RuleLoader.Load([new RuleFile("rules.yaml", text)], TestCatalog.Instance, new RuleLoadOptions { Lenient = bytes.Length % 2 == 0 });
        Assert.Equal(result.Rules is null, result.Diagnostics.Any(found => found.Severity == DiagnosticSeverity.Error));
        foreach (var found in result.Diagnostics)
        {
            Assert.InRange(found.Line, 0, lines);
            Assert.DoesNotContain(found.ToString(), char.IsControl);
        }

        if (result.ToYaml() is { } printed)
        {
            Assert.Equal(result.Rules!.Hash, Make.Load(printed).Rules?.Hash);
        }

        foreach (var rule in result.Rules?.Rules ?? [])
        {
            var plan = new EventPlan(result.Rules!.Hash, [rule.Plan]);
            Assert.Equal(PlanJson.ToUtf8(plan).ToArray(), PlanJson.ToUtf8(PlanJson.Parse(PlanJson.ToUtf8(plan).Span)).ToArray());
        }
    });

    private static void Run(byte[][] samples, string[] scraps, Action<byte[]> check)
    {
        for (int i = 0; i < Iterations; i++)
        {
            int seed = unchecked(FirstSeed + i);
            byte[] damaged = new Mutator(seed, samples, scraps).Next();
            try
            {
                check(damaged);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}\n{Encoding.UTF8.GetString(damaged)}", e);
            }
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
