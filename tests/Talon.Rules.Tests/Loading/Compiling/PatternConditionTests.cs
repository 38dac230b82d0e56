using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Talon.Rules.Events;
using Talon.Rules.Loading.Compiling;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Matching;

namespace Talon.Rules.Tests.Loading.Compiling;

/// <summary><c>glob</c> and <c>regex</c> from the rule file on: what is refused, what it costs, and the documented examples.</summary>
public sealed partial class PatternConditionTests
{
    [Theory]
    [InlineData("a regex \"(x\"", "'(x' is no regular expression: a ( is not closed (at character 2); put a backslash")]
    [InlineData("a regex x)", "'x)' is no regular expression: a ) closes nothing (at character 2)")]
    [InlineData("a regex \"x)(?:y\"", "'x)(?:y' is no regular expression: a ) closes nothing (at character 2)")]
    [InlineData("a regex [x", "a [ is not closed")]
    [InlineData("a regex *x", "there is nothing before a *, + or ? that could be repeated (at character 1)")]
    [InlineData("a regex x**", "a repetition is repeated")]
    [InlineData("a regex x\\", "a backslash at its end stands before nothing")]
    [InlineData("a regex \"x{3,1}\"", "a repetition {n,m} has its numbers the wrong way round")]
    [InlineData("a regex [z-a]", "a range has its ends the wrong way round")]
    [InlineData("a regex \\q", "there is no such escape")]
    [InlineData("a regex (?P<n>x)", "there is no such group (at character 3); groups are")]
    [InlineData("a regex \\1", "a backreference names no group")]
    [InlineData("a regex \\p{Nothing}", "there is no such class of characters")]
    [InlineData("a regex (?=x)y", "cannot be matched in a time linear in the text; write it without lookarounds")]
    [InlineData("a regex (?<!x)y", "cannot be matched in a time linear in the text; write it without lookarounds")]
    [InlineData("a regex (x)\\1", "cannot be matched in a time linear in the text")]
    [InlineData("a regex (?>x)", "cannot be matched in a time linear in the text")]
    [InlineData("a regex [[:alpha:]]+", "has a class [:alpha:], which means something else here")]
    [InlineData("a regex (?x)y #z", "ends in a comment")]
    [InlineData("a regex x{65}", "is too costly: written out, its counted repetitions come to 65 characters; they may come to 64")]
    [InlineData("a regex \"(x{8}){9}\"", "come to 72 characters")]
    [InlineData("a regex x{1000000000}", "come to 1000000 characters")]
    [InlineData("a regex", "there is no value after 'regex'; write key regex pattern, or 'key exists' if any text will do")]
    [InlineData("a regex \"x{1,2\"y", "there is text after the closing quote")]
    [InlineData("a regex x{1,2}", "'2}' is no condition; write key=value or key!=value; put a value with a comma in double quotes")]
    [InlineData("a regex=x", "there is no blank after 'regex'")]
    [InlineData("regex x", "a condition names no field; write key regex pattern")]
    [InlineData("a glob [x", "'[x' is no pattern: a [ is not closed; close it with ], or write \\[")]
    [InlineData("a glob x\\", "a backslash at its end stands before nothing")]
    [InlineData("a contains", "there is no value after 'contains'; write key contains text, or 'key exists'")]
    [InlineData("a endswith \"\"", "there is no value after 'endswith'")]
    [InlineData("a icontain x", "unknown operator 'icontain' after 'a'; did you mean 'icontains'?")]
    [InlineData("a iglob x", "did you mean 'glob'?")]
    [InlineData("a ends_with x", "did you mean 'endswith'?")]
    [InlineData("a regexp x", "did you mean 'regex'?")]
    public void Load_WrongCondition_IsAnErrorAtItsPlace(string line, string expected)
    {
        foreach (string match in (string[])["output_fields: ", "not:\n  output_fields: "])
        {
            string text = Make.Rule($"{match}[{JsonSerializer.Serialize(line)}]");
            var result = Make.Load(text);

            Assert.Null(result.Rules);
            var error = result.Diagnostics.First(found => found.Severity == DiagnosticSeverity.Error);
            Assert.Contains(expected, $"{error.Message}; {error.Hint}", StringComparison.Ordinal);
            Assert.Equal(text.Split('\n')[error.Line - 1].IndexOf('"', StringComparison.Ordinal) + 1, error.Column);
        }
    }

    [Theory]
    [InlineData("glob")]
    [InlineData("regex")]
    public void Load_LongPattern_IsAnError(string word)
    {
        Assert.NotNull(Make.Load(Make.Rule($"output_fields: [a {word} {new string('x', 500)}]")).Rules);
        Assert.Contains(
            $"the pattern of '{word}' has 501 characters; it may have 500",
            Assert.Single(Make.Load(Make.Rule($"output_fields: [a {word} {new string('x', 501)}]")).Diagnostics).ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+")]
    [InlineData("(a*)*b")]
    [InlineData("(.*a){20}")]
    [InlineData("(a|b)*a(a|b){32}")]
    [InlineData("(.+.+)+!")]
    public void Match_PatternThatBacktrackersFear_ComesToAnEnd(string pattern)
    {
        var rules = Make.Rules(Make.Rule($"output_fields: [{JsonSerializer.Serialize($"a regex {pattern}")}]"));

        Assert.True(rules.Match(Text(new string('a', PatternLimits.LongestText - 1) + "c")).IsEmpty);
        Assert.True(rules.Match(Text(new string('a', 100_000) + "c")).IsEmpty);
    }

    [Theory]
    [InlineData("a glob *")]
    [InlineData("a regex .*")]
    public void Match_TextOverTheLimit_DoesNotHoldAndExcusesNothing(string line)
    {
        var rules = Make.Rules(Make.Rule($"output_fields: ['{line}']") + Make.Rule($"not: {{output_fields: ['{line}']}}", "N"));
        string longest = new('x', PatternLimits.LongestText);

        Assert.Equal(["T"], rules.Match(Text(longest)).Names.ToArray());
        Assert.Equal(["N"], rules.Match(Text(longest + "x")).Names.ToArray());
        Assert.Equal(["N"], rules.Match(Text("\n" + longest)).Names.ToArray());
        Assert.Equal(["N"], rules.Match(Text(new string('é', (PatternLimits.LongestText / 2) + 1))).Names.ToArray());
        Assert.EndsWith(", which is not looked at: it has more than 65536 bytes", rules.Explain(Text(longest + "x"))[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WrittenOut_AnyPattern_IsAtLeastWhatItsRepetitionsAre() =>
        Gen.Char["a(){}[]\\|*+?,019-^"].Array[0, 30].Sample(
            letters =>
            {
                string pattern = new(letters);
                Assert.True(RegexSize.WrittenOut(pattern) >= 0);
                RegexReader.Read(pattern, static (_, _) => { })?.IsMatch("a0");
            },
            iter: 5_000);

    [Theory]
    [InlineData("abc", 0)]
    [InlineData("a{3}", 3)]
    [InlineData("a{0,3}b{2,}", 5)]
    [InlineData("(ab|c){4}", 12)]
    [InlineData("((a{2}){3}){4}", 24)]
    [InlineData("([0-9]{1,3}\\.){3}[0-9]{1,3}", 15)]
    [InlineData("[]{9}]", 0)]
    [InlineData("\\{9}", 0)]
    [InlineData("(a{3})*", 3)]
    [InlineData("a{x}{}", 0)]
    [InlineData("(((((a{9}){9}){9}){9}){9}){99999999999999999999}", 1_000_000)]
    public void WrittenOut_Pattern_CountsWhatIsRepeated(string pattern, long expected) => Assert.Equal(expected, RegexSize.WrittenOut(pattern));

    [Fact]
    public void Documentation_Examples_LoadWithoutAWordAndPrintTheSame()
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "conditions.md"));
        var examples = Example().Matches(text);
        Assert.Equal(2, examples.Count);
        foreach (Match example in examples)
        {
            var result = Make.Load(example.Groups["yaml"].Value);
            Assert.Empty(result.Diagnostics);
            Assert.Equal(result.Rules!.Hash, Make.Rules(result.ToYaml()!).Hash);
        }
    }

    [Theory]
    [InlineData("\"proc.cmdline\":\"a, b\"", true)]
    [InlineData("\"proc.cmdline\":\"a, c\"", false)]
    [InlineData("\"proc.cmdline\":\"bash -c id\"", true)]
    [InlineData("\"proc.cmdline\":\"bash -c \"", true)]
    [InlineData("\"proc.cmdline\":\"bash -c\"", false)]
    [InlineData("\"proc.cmdline\":\"say \\\"hi\\\"!\"", true)]
    [InlineData("\"fd.name\":\"/var/,\",\"evt.type\":\"open\"", true)]
    [InlineData("\"fd.name\":\"/var/d\",\"evt.type\":\"open\"", false)]
    [InlineData("\"proc.cmdline\":\"xa=bx\"", true)]
    public void Documentation_Quotes_MeanWhatTheySay(string fields, bool expected)
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "conditions.md"));
        var rules = Make.Rules(Example().Matches(text)[1].Groups["yaml"].Value);

        Assert.Equal(expected, !rules.Match(Make.Event($"{{\"output_fields\":{{{fields}}}}}")).IsEmpty);
    }

    [Fact]
    public void Documentation_Table_HasEveryOperator()
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "conditions.md"));
        Assert.All(FieldOperators.All, word => Assert.Contains($"| `{FieldOperators.Form(word).Split('(')[0].TrimEnd()}", text, StringComparison.Ordinal));
    }

    private static FalcoEvent Text(string text) => Make.EventOf(fields: [("a", JsonSerializer.Serialize(text, Relaxed))]);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex("```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Example();
}
