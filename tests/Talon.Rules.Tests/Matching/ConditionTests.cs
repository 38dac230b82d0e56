using Talon.Rules.Events;
using Talon.Rules.Loading.Diagnostics;

namespace Talon.Rules.Tests.Matching;

public sealed class ConditionTests
{
    // Columns: Critical, Warning, Emergency, unknown, Info, empty.
    [Theory]
    [InlineData("Critical", "Critical")]
    [InlineData("=Critical", "Critical")]
    [InlineData("=critical", "Critical")]
    [InlineData(">=Critical", "Critical Emergency")]
    [InlineData(">Critical", "Emergency")]
    [InlineData("<Critical", "Warning Info")]
    [InlineData("<=CRITICAL", "Critical Warning Info")]
    [InlineData("<Debug", "")]
    [InlineData(">=Debug", "Critical Warning Emergency Info")]
    [InlineData("Informational", "Info")]
    [InlineData("Info", "Info")]
    [InlineData("<=info", "Info")]
    [InlineData(">Emergency", "")]
    public void Priority_Comparator_HoldsForTheseOnly(string condition, string holdsFor)
    {
        var rules = Make.Rules(Make.Rule($"priority: \"{condition}\""));
        foreach (string priority in (string[])["Critical", "Warning", "Emergency", "unknown", "Info", ""])
        {
            Assert.Equal(holdsFor.Split(' ').Contains(priority) && priority.Length > 0, !rules.Match(Make.EventOf(priority: priority)).IsEmpty);
        }
    }

    [Theory]
    [InlineData("k8s.ns.name!=kube-system, k8s.ns.name!=falco", "\"k8s.ns.name\":\"default\"", true)]
    [InlineData("k8s.ns.name!=kube-system, k8s.ns.name!=falco", "\"k8s.ns.name\":\"falco\"", false)]
    [InlineData("a.b!=c", "", true)]
    [InlineData("a.b!=c", "\"a.b\":null", true)]
    [InlineData("a.b=c", "", false)]
    [InlineData("a=b, c!=d", "\"a\":\"b\",\"c\":\"d\"", false)]
    [InlineData("a=b,c!=d", "\"a\":\"b\"", true)]
    [InlineData("a=8080", "\"a\":8080", true)]
    [InlineData("a=8080", "\"a\":\"8080\"", true)]
    [InlineData("a=1000000", "\"a\":1000000", true)]
    [InlineData("a=1e+06", "\"a\":1000000", false)]
    [InlineData("a=1.0", "\"a\":1.0", true)]
    [InlineData("a=1", "\"a\":1.0", false)]
    [InlineData("a=18446744073709551616", "\"a\":18446744073709551616", true)]
    [InlineData("a=true", "\"a\":true", true)]
    [InlineData("a=true", "\"a\":false", false)]
    [InlineData("a=", "\"a\":\"\"", true)]
    [InlineData("a=", "\"a\":null", false)]
    [InlineData("a=", "", false)]
    [InlineData("a!=", "", true)]
    [InlineData("a=\"q\"", "\"a\":\"q\"", true)]
    [InlineData("a=\"q, r\", b=1", "\"a\":\"q, r\",\"b\":1", true)]
    [InlineData("a=\"say \\\"hi\\\"\"", "\"a\":\"say \\\"hi\\\"\"", true)]
    [InlineData("a=sh -c \"id\"", "\"a\":\"sh -c \\\"id\\\"\"", true)]
    [InlineData("a=b=c", "\"a\":\"b=c\"", true)]
    [InlineData("a=b=c", "\"a\":\"b\"", false)]
    [InlineData("a==b", "\"a\":\"b\"", false)]
    [InlineData("a==b", "\"a\":\"=b\"", true)]
    [InlineData("a!=b!c", "\"a\":\"b!c\"", false)]
    [InlineData("a!=b!c", "\"a\":\"x\"", true)]
    [InlineData("a!=b=c", "\"a\":\"zz\"", true)]
    [InlineData("a!=b=c", "\"a\":\"b=c\"", false)]
    [InlineData("a=x!=y", "\"a\":\"x!=y\"", true)]
    [InlineData("a=\"b \"", "\"a\":\"b \"", true)]
    [InlineData("a!=\" b\"", "\"a\":\"b\"", true)]
    [InlineData("a=\"C:\\x, b\\\\\", c=d", "\"a\":\"C:\\\\x, b\\\\\",\"c\":\"d\"", true)]
    [InlineData("a=\"x\\\\y\"", "\"a\":\"x\\\\\\\\y\"", true)]
    [InlineData("a=\"x\\\"y\"", "\"a\":\"x\\\"y\"", true)]
    [InlineData("a=\"x\\\\\\\"y\"", "\"a\":\"x\\\\\\\"y\"", true)]
    [InlineData("a=b c", "\"a\":\"b c\"", true)]
    [InlineData(" a=b,   c=d", "\"a\":\"b\",\"c\":\"d\"", true)]
    [InlineData("a=B", "\"a\":\"b\"", false)]
    [InlineData("A=b", "\"a\":\"b\"", false)]
    [InlineData("a=[1,2]", "\"a\":[1, 2]", false, true)]
    [InlineData("a=\"[1,2]\"", "\"a\":[1, 2]", true)]
    [InlineData("a=\u00e9", "\"a\":\"\\u00e9\"", true)]
    [InlineData("proc.is_exe_upper_layer=true", "\"proc.is_exe_upper_layer\":true", true)]
    [InlineData("proc.aname[2]=bash", "\"proc.aname[2]\":\"bash\"", true)]
    [InlineData("jevt.value[/a/b-c]=x", "\"jevt.value[/a/b-c]\":\"x\"", true)]
    public void OutputFields_Line_MatchesOrNot(string line, string fields, bool expected, bool refused = false)
    {
        var result = Make.Load(Make.Rule($"output_fields:\n  - '{line}'"));
        Assert.Equal(refused, result.Rules is null);
        if (!refused)
        {
            Assert.Equal(expected, !result.Rules!.Match(Make.Event($"{{\"output_fields\":{{{fields}}}}}")).IsEmpty);
        }
    }

    [Fact]
    public void OutputFields_BlankAroundAValue_SaysWhatWouldBeRight() => Assert.Equal(
        "rules.yaml:4:9: rule 'T': the value 'kube-system ' begins or ends with a blank; remove the blank, or put the value in double quotes if it is meant",
        Assert.Single(Make.Load(Make.Rule("output_fields:\n  - k8s.ns.name!=kube-system , k8s.ns.name!=falco")).Diagnostics).ToString());

    [Theory]
    [InlineData(118)]
    [InlineData(119)]
    [InlineData(120)]
    public void Explain_LongValueWithAnEmojiAtTheCut_IsCutBetweenCharacters(int letters)
    {
        string value = new string('x', letters) + "\U0001F480 and more";
        var rules = Make.Rules(Make.Rule("output_fields: [a=b]"));
        string reason = Assert.Single(rules.Explain(Make.EventOf(fields: ("a", $"\"{value}\"")))).Reason;
        string shown = new string('x', letters) + (letters == 118 ? "\U0001F480" : "") + "…";

        // The encoder of the quoted form escapes characters beyond the basic plane.
        Assert.Equal($"output_fields: 'a=b' fails, the event has '{shown.Replace("\U0001F480", "\\uD83D\\uDC80", StringComparison.Ordinal)}'", reason);
    }

    [Fact]
    public void OutputFields_SeveralLines_OneIsEnough()
    {
        var rules = Make.Rules(Make.Rule("output_fields:\n  - a=b, c!=d\n  - x=y"));
        Assert.False(rules.Match(Make.Event("""{"output_fields":{"x":"y","c":"d"}}""")).IsEmpty);
        Assert.True(rules.Match(Make.Event("""{"output_fields":{"x":"z","a":"b","c":"d"}}""")).IsEmpty);
    }

    [Theory]
    [InlineData("a,b,c", true)]
    [InlineData("z", true)]
    [InlineData("a", false)]
    [InlineData("a,a", false)]
    [InlineData("b,a", true)]
    [InlineData("A,B", false)]
    [InlineData("", false)]
    public void Tags_AllOfALine_OrAnotherLine(string tags, bool expected) => Assert.Equal(
        expected, !Make.Rules(Make.Rule("tags: ['a, b', 'z']")).Match(Make.EventOf(tags: tags.Split(',', StringSplitOptions.RemoveEmptyEntries))).IsEmpty);

    [Fact]
    public void Tags_RepeatedInTheEvent_StillMatch() =>
        Assert.False(Make.Rules(Make.Rule("tags: [a]")).Match(Make.EventOf(tags: ["a", "a"])).IsEmpty);

    [Fact]
    public void Tags_NumbersInTheEvent_NeverMatch() =>
        Assert.True(Make.Rules(Make.Rule("tags: ['7']")).Match(Make.Event("{\"tags\":[7]}")).IsEmpty);

    [Theory]
    [InlineData("syscall", null, true)]
    [InlineData("syscall", "", true)]
    [InlineData("syscalls", "syscall", false)]
    [InlineData("k8s_audit", "k8s_audit", true)]
    [InlineData("K8S_audit", "k8s_audit", false)]
    public void Source_LetterByLetter(string condition, string? source, bool expected) =>
        Assert.Equal(expected, !Make.Rules(Make.Rule($"source: {condition}")).Match(Make.EventOf(source: source)).IsEmpty);

    [Theory]
    [InlineData("Terminal shell in container", true)]
    [InlineData("terminal shell in container", false)]
    [InlineData("Other", true)]
    [InlineData("", false)]
    public void Rules_AnyOfTheNames(string rule, bool expected) =>
        Assert.Equal(expected, !Make.Rules(Make.Rule("rules: [Terminal shell in container, Other]")).Match(Make.EventOf(rule: rule)).IsEmpty);

    [Fact]
    public void Match_AllKeys_AllMustHold()
    {
        const string match = "rules: [R]\npriority: '>=Warning'\nsource: syscall\ntags: [t]\noutput_fields: [a=b]";
        var rules = Make.Rules(Make.Rule(match));
        Assert.False(rules.Match(Make.EventOf(tags: ["t"], fields: ("a", "\"b\""))).IsEmpty);
        Assert.Equal("all conditions hold", Why(Make.EventOf(tags: ["t"], fields: ("a", "\"b\""))));
        Assert.StartsWith("rules: the event comes from Falco rule 'S'", Why(Make.EventOf(rule: "S", tags: ["t"], fields: ("a", "\"b\""))), StringComparison.Ordinal);
        Assert.Equal("source: the event's source is 'x', not 'syscall'", Why(Make.EventOf(source: "x", tags: ["t"], fields: ("a", "\"b\""))));
        Assert.Equal("priority: Notice is not >=Warning", Why(Make.EventOf(priority: "Notice", tags: ["t"], fields: ("a", "\"b\""))));
        Assert.Equal("priority: the event's priority 'high' is none of Falco's", Why(Make.EventOf(priority: "high", tags: ["t"], fields: ("a", "\"b\""))));
        Assert.Equal("tags: the event carries 'u'; 't' needs 't'", Why(Make.EventOf(tags: ["u"], fields: ("a", "\"b\""))));
        Assert.Equal("output_fields: 'a=b' fails, the event has 'c\\n'", Why(Make.EventOf(tags: ["t"], fields: ("a", "\"c\\n\""))));
        Assert.Equal("output_fields: 'a=b' fails, the event has no such field", Why(Make.EventOf(tags: ["t"])));
        Assert.Equal("output_fields: 'a=b' fails, the field is null", Why(Make.EventOf(tags: ["t"], fields: ("a", "null"))));

        string Why(FalcoEvent falcoEvent)
        {
            var explanation = Assert.Single(rules.Explain(falcoEvent));
            Assert.Equal(!rules.Match(falcoEvent).IsEmpty, explanation.Matches);
            return explanation.Reason;
        }
    }

    [Theory]
    [InlineData("a,b=c")]
    [InlineData("a=b,")]
    [InlineData(",a=b")]
    [InlineData("a")]
    [InlineData("=x")]
    [InlineData("!=x")]
    [InlineData("a = b")]
    [InlineData("a b=c")]
    [InlineData("a is b")]
    [InlineData("a IN (b)")]
    [InlineData("a not in (b)")]
    [InlineData("a in b")]
    [InlineData("a in")]
    [InlineData("a in ()")]
    [InlineData("a in ( )")]
    [InlineData("a in (")]
    [InlineData("a in (b")]
    [InlineData("a in (b,")]
    [InlineData("a in (b, c=d")]
    [InlineData("a in (b,)")]
    [InlineData("a in (,b)")]
    [InlineData("a in (b,,c)")]
    [InlineData("a in (f(x))")]
    [InlineData("a in (b) c")]
    [InlineData("a in (\"b)")]
    [InlineData("a in (\"b\" c)")]
    [InlineData("a in=b")]
    [InlineData("in (a, b)")]
    [InlineData("startswith a")]
    [InlineData(" exists")]
    [InlineData("a startswith")]
    [InlineData("a startswith ")]
    [InlineData("a startswith , b=c")]
    [InlineData("a startswith \"\"")]
    [InlineData("a startswith=b")]
    [InlineData("a startswith \"b\" c")]
    [InlineData("a startswith \u00a0b")]
    [InlineData("a exists b")]
    [InlineData("a exists=true")]
    [InlineData("a exists,")]
    [InlineData("a cidr")]
    [InlineData("a cidr 10.0.0.0")]
    [InlineData("a cidr 10.0.0.0/")]
    [InlineData("a cidr 10.0.0.0/33")]
    [InlineData("a cidr 10.0.0.0/08")]
    [InlineData("a cidr 10.0.0.0/+8")]
    [InlineData("a cidr 10.0.0.1/8")]
    [InlineData("a cidr 10.0.0/8")]
    [InlineData("a cidr 010.0.0.0/8")]
    [InlineData("a cidr fd00::/129")]
    [InlineData("a cidr fd00::1/64")]
    [InlineData("a cidr fe80::1%eth0/128")]
    [InlineData("a cidr ::ffff:10.0.0.0/95")]
    [InlineData("a cidr (10.0.0.0/8, 11.0.0.0/8)")]
    [InlineData("a cidr office")]
    [InlineData("a!b=c")]
    [InlineData("a=\"b")]
    [InlineData("a=\"b\"c")]
    [InlineData("a<5")]
    [InlineData("k8s.ns.name!=kube-system , k8s.ns.name!=falco")]
    [InlineData("k8s.ns.name!= kube-system")]
    [InlineData("k8s.ns.name!=kube-system ")]
    [InlineData("k8s.ns.name= \"kube-system\"")]
    [InlineData("a= ")]
    [InlineData("a!=b\t")]
    [InlineData("a!=\u00a0b")]
    public void OutputFields_NotUnderstood_IsRefusedNeverDropped(string line)
    {
        var result = Make.Load(Make.Rule($"output_fields:\n  - '{line}'"));
        Assert.Null(result.Rules);
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal((4, 9), (diagnostic.Line, diagnostic.Column));
        Assert.NotNull(diagnostic.Hint);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
    }
}
