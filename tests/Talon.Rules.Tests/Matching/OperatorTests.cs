using System.Text.Json;
using Talon.Rules.Loading.Compiling;
using Talon.Rules.Matching;

namespace Talon.Rules.Tests.Matching;

public sealed class OperatorTests
{
    [Theory]
    [InlineData("a in (x, y)", "\"a\":\"y\"", true)]
    [InlineData("a in (x, y)", "\"a\":\"z\"", false)]
    [InlineData("a in (x, y)", "\"a\":\"x, y\"", false)]
    [InlineData("a in (x, y)", "\"a\":\"X\"", false)]
    [InlineData("a in (x, y)", "", false)]
    [InlineData("a in (x, y)", "\"a\":null", false)]
    [InlineData("a in (x, y)", "\"a\":\"\"", false)]
    [InlineData("a in (\"\", y)", "\"a\":\"\"", true)]
    [InlineData("a in (\"\", y)", "\"a\":null", false)]
    [InlineData("a in (x, \"y,z\")", "\"a\":\"y,z\"", true)]
    [InlineData("a in (\" x \")", "\"a\":\" x \"", true)]
    [InlineData("a in (\" x \")", "\"a\":\"x\"", false)]
    [InlineData("a in (  x  ,  y  )", "\"a\":\"x\"", true)]
    [InlineData("a in(x,y)", "\"a\":\"y\"", true)]
    [InlineData("a  in  (x y)", "\"a\":\"x y\"", true)]
    [InlineData("a in (\"f(x)\")", "\"a\":\"f(x)\"", true)]
    [InlineData("a in (\"say \\\"hi\\\"\")", "\"a\":\"say \\\"hi\\\"\"", true)]
    [InlineData("a in (x, x)", "\"a\":\"x\"", true)]
    [InlineData("a in (80, 443)", "\"a\":443", true)]
    [InlineData("a in (1)", "\"a\":1.0", false)]
    [InlineData("a in (true)", "\"a\":true", true)]
    [InlineData("a in (x=y)", "\"a\":\"x=y\"", true)]
    [InlineData("a in (x), b=1", "\"a\":\"x\",\"b\":1", true)]
    [InlineData("a in (x), b=1", "\"a\":\"x\",\"b\":2", false)]
    [InlineData("a in (é, ￿, \U0001F480)", "\"a\":\"\\ud83d\\udc80\"", true)]
    [InlineData("a in (é, ￿, \U0001F480)", "\"a\":\"\U0001F480\"", true)]
    [InlineData("a in (é, ￿, \U0001F480)", "\"a\":\"￿\"", true)]
    [InlineData("a in (é, ￿, \U0001F480)", "\"a\":\"\\u00e9\"", true)]
    [InlineData("a startswith /etc/", "\"a\":\"/etc/shadow\"", true)]
    [InlineData("a startswith /etc/", "\"a\":\"/etc/\"", true)]
    [InlineData("a startswith /etc/", "\"a\":\"/etc\"", false)]
    [InlineData("a startswith /etc/", "\"a\":\"/ETC/shadow\"", false)]
    [InlineData("a startswith /etc/", "\"a\":\"x/etc/\"", false)]
    [InlineData("a startswith /etc/", "\"a\":\"\\/etc\\/shadow\"", true)]
    [InlineData("a startswith /etc/", "", false)]
    [InlineData("a startswith /etc/", "\"a\":null", false)]
    [InlineData("a startswith 80", "\"a\":8080", true)]
    [InlineData("a startswith sh -c , b=1", "\"a\":\"sh -c id\",\"b\":1", true)]
    [InlineData("a startswith \"sh -c \"", "\"a\":\"sh -csh\"", false)]
    [InlineData("a startswith \"x, y\"", "\"a\":\"x, yz\"", true)]
    [InlineData("a startswith é", "\"a\":\"\\u00e9a\"", true)]
    [InlineData("a startswith e", "\"a\":\"e\\u0301\"", true)]
    [InlineData("a exists", "\"a\":\"x\"", true)]
    [InlineData("a exists", "\"a\":0", true)]
    [InlineData("a exists", "\"a\":false", true)]
    [InlineData("a exists", "\"a\":[]", true)]
    [InlineData("a exists", "\"a\":\" \"", true)]
    [InlineData("a exists", "\"a\":\"\"", false)]
    [InlineData("a exists", "\"a\":\"<NA>\"", false)]
    [InlineData("a exists", "\"a\":\"\\u003cNA>\"", false)]
    [InlineData("a exists", "\"a\":\"<na>\"", true)]
    [InlineData("a exists", "\"a\":null", false)]
    [InlineData("a exists", "", false)]
    [InlineData("a exists  , b exists", "\"a\":1,\"b\":2", true)]
    [InlineData("a cidr 10.0.0.0/8", "\"a\":\"10.255.255.255\"", true)]
    [InlineData("a cidr 10.0.0.0/8", "\"a\":\"11.0.0.0\"", false)]
    [InlineData("a cidr 10.0.0.0/8", "\"a\":\"9.255.255.255\"", false)]
    [InlineData("a cidr 10.0.0.0/8", "\"a\":\"::ffff:10.1.2.3\"", true)]
    [InlineData("a cidr 10.0.0.0/8", "\"a\":\"::FFFF:0a01:0203\"", true)]
    [InlineData("a cidr 10.0.0.0/8", "\"a\":\"::10.1.2.3\"", false)]
    [InlineData("a cidr ::ffff:10.0.0.0/104", "\"a\":\"10.1.2.3\"", true)]
    [InlineData("a cidr ::ffff:10.0.0.0/104", "\"a\":\"::ffff:10.1.2.3\"", true)]
    [InlineData("a cidr ::ffff:10.0.0.0/104", "\"a\":\"11.1.2.3\"", false)]
    [InlineData("a cidr ::/0", "\"a\":\"10.1.2.3\"", false)]
    [InlineData("a cidr ::/0", "\"a\":\"2001:db8::1\"", true)]
    [InlineData("a cidr 0.0.0.0/0", "\"a\":\"2001:db8::1\"", false)]
    [InlineData("a cidr 0.0.0.0/0", "\"a\":\"255.255.255.255\"", true)]
    [InlineData("a cidr 0.0.0.0/0", "\"a\":\"\"", false)]
    [InlineData("a cidr 0.0.0.0/0", "\"a\":null", false)]
    [InlineData("a cidr 0.0.0.0/0", "", false)]
    [InlineData("a cidr 0.0.0.0/0", "\"a\":\"10.1.2.3:80\"", false)]
    [InlineData("a cidr 0.0.0.0/0", "\"a\":\"10.1.2.03\"", false)]
    [InlineData("a cidr 0.0.0.0/0", "\"a\":\"10.1.3\"", false)]
    [InlineData("a cidr 0.0.0.0/0", "\"a\":\" 10.1.2.3\"", false)]
    [InlineData("a cidr 0.0.0.0/0", "\"a\":\"0x0a.1.2.3\"", false)]
    [InlineData("a cidr 0.0.0.0/0", "\"a\":167838211", false)]
    [InlineData("a cidr 0.0.0.0/0", "\"a\":[\"10.1.2.3\"]", false)]
    [InlineData("a cidr 10.1.2.3/32", "\"a\":\"10.1.2.3\"", true)]
    [InlineData("a cidr 10.1.2.3/32", "\"a\":\"10.1.2.2\"", false)]
    [InlineData("a cidr \"10.1.2.3/32\"", "\"a\":\"10.1.2.\\u0033\"", true)]
    [InlineData("a cidr 10.1.2.2/31", "\"a\":\"10.1.2.3\"", true)]
    [InlineData("a cidr fd00::/8", "\"a\":\"fdff::1\"", true)]
    [InlineData("a cidr fd00::/8", "\"a\":\"FD00:0:0::\"", true)]
    [InlineData("a cidr fd00::/8", "\"a\":\"fe00::1\"", false)]
    [InlineData("a cidr fe80::/10", "\"a\":\"fe80::1%eth0\"", false)]
    [InlineData("a cidr fe80::/10", "\"a\":\"[fe80::1]\"", false)]
    [InlineData("a cidr 2001:db8::1/128", "\"a\":\"2001:db8:0:0:0:0:0.0.0.1\"", true)]
    [InlineData("a endswith .sh", "\"a\":\"/tmp/x.sh\"", true)]
    [InlineData("a endswith .sh", "\"a\":\"/tmp/x.sh \"", false)]
    [InlineData("a endswith .sh", "\"a\":\"/tmp/x.SH\"", false)]
    [InlineData("a endswith .sh", "\"a\":\"\\/tmp\\/x.sh\"", true)]
    [InlineData("a endswith .sh", "\"a\":null", false)]
    [InlineData("a endswith .sh", "", false)]
    [InlineData("a endswith 80", "\"a\":8080", true)]
    [InlineData("a endswith ue", "\"a\":true", true)]
    [InlineData("a endswith \" -c\", b=1", "\"a\":\"sh -c\",\"b\":1", true)]
    [InlineData("a contains etc", "\"a\":\"/etc/shadow\"", true)]
    [InlineData("a contains etc", "\"a\":\"etc\"", true)]
    [InlineData("a contains etc", "\"a\":\"/ETC/shadow\"", false)]
    [InlineData("a contains etc", "\"a\":\"\"", false)]
    [InlineData("a contains etc", "\"a\":null", false)]
    [InlineData("a contains etc", "", false)]
    [InlineData("a contains \"x, y\"", "\"a\":\"wx, yz\"", true)]
    [InlineData("a contains a=b", "\"a\":\"xa=by\"", true)]
    [InlineData("a contains é", "\"a\":\"caf\\u00e9s\"", true)]
    [InlineData("a contains 08", "\"a\":8080", true)]
    [InlineData("a contains \"\\\"k\\\":\"", "\"a\":{\"k\": 1}", true)]
    [InlineData("a icontains ShadOW", "\"a\":\"/etc/sHADow\"", true)]
    [InlineData("a icontains ShadOW", "\"a\":\"/etc/shado\"", false)]
    [InlineData("a icontains ÉT", "\"a\":\"Ét\"", true)]
    [InlineData("a icontains ÉT", "\"a\":\"ét\"", false)]
    [InlineData("a icontains aab", "\"a\":\"aaaAAAB\"", true)]
    [InlineData("a icontains abcabd", "\"a\":\"ABCABCABD\"", true)]
    [InlineData("a icontains @", "\"a\":\"`\"", false)]
    [InlineData("a icontains [", "\"a\":\"{\"", false)]
    [InlineData("a icontains k", "\"a\":\"\u212a\"", false)]
    [InlineData("a icontains TRUE", "\"a\":true", true)]
    [InlineData("a icontains x", "\"a\":null", false)]
    [InlineData("a glob /etc/*", "\"a\":\"/etc/x/y\"", true)]
    [InlineData("a glob /etc/*", "\"a\":\"x/etc/x\"", false)]
    [InlineData("a glob /etc/*", "\"a\":\"\\/etc\\/x\"", true)]
    [InlineData("a glob \"[a,b]?\"", "\"a\":\",x\"", true)]
    [InlineData("a glob 1.?", "\"a\":1.0", true)]
    [InlineData("a glob f*", "\"a\":false", true)]
    [InlineData("a glob *", "\"a\":\"\"", true)]
    [InlineData("a glob *", "\"a\":null", false)]
    [InlineData("a glob *", "", false)]
    [InlineData("a regex (curl|wget).*", "\"a\":\"wget -q x\"", true)]
    [InlineData("a regex (curl|wget).*", "\"a\":\"x wget -q\"", false)]
    [InlineData("a regex curl|wget", "\"a\":\"curlwget\"", false)]
    [InlineData("a regex curl", "\"a\":\"curl\\n\"", false)]
    [InlineData("a regex curl.*", "\"a\":\"curl\\nx\"", false)]
    [InlineData("a regex (?s)curl.*", "\"a\":\"curl\\nx\"", true)]
    [InlineData("a regex CURL", "\"a\":\"curl\"", false)]
    [InlineData("a regex (?i)CURL", "\"a\":\"curl\"", true)]
    [InlineData("a regex \"[0-9]{1,3}(\\.[0-9]{1,3}){3}\"", "\"a\":\"10.0.0.255\"", true)]
    [InlineData("a regex [0-9]+", "\"a\":443", true)]
    [InlineData("a regex [0-9]+", "\"a\":1.5", false)]
    [InlineData("a regex .*", "\"a\":\"\"", true)]
    [InlineData("a regex .*", "\"a\":null", false)]
    [InlineData("a regex .*", "", false)]
    [InlineData("a regex \"say \\\"(hi|ho)\\\"\"", "\"a\":\"say \\\"ho\\\"\"", true)]
    [InlineData("a regex x+ , b=1", "\"a\":\"xx\",\"b\":1", true)]
    // The old forms stay what they were, whatever their values look like.
    [InlineData("a=x in (y)", "\"a\":\"x in (y)\"", true)]
    [InlineData("a=exists", "\"a\":\"exists\"", true)]
    [InlineData("in=x", "\"in\":\"x\"", true)]
    [InlineData("exists exists", "\"exists\":\"x\"", true)]
    public void OutputFields_Operator_MatchesOrNot(string line, string fields, bool expected)
    {
        var rules = Make.Rules(Make.Rule($"output_fields: [{JsonSerializer.Serialize(line)}]"));
        var falcoEvent = Make.Event($"{{\"output_fields\":{{{fields}}}}}");
        Assert.Equal(expected, !rules.Match(falcoEvent).IsEmpty);
        var explanation = Assert.Single(rules.Explain(falcoEvent));
        Assert.Equal(expected, explanation.Matches);
        Assert.Equal(!expected, explanation.Reason.StartsWith("output_fields: '", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a in (c, b, b,\"\", \"x,y\", \"f(\", \" z\")", "a in (\"\", \" z\", b, c, \"f(\", \"x,y\")")]
    [InlineData("a in(\"b\")", "a in (b)")]
    [InlineData("a startswith \"b\"", "a startswith b")]
    [InlineData("a startswith \"b, \\\"c\"", "a startswith \"b, \\\"c\"")]
    [InlineData("a   exists  ", "a exists")]
    [InlineData("a cidr FD00:0::/8", "a cidr fd00::/8")]
    [InlineData("a cidr ::ffff:10.0.0.0/104", "a cidr 10.0.0.0/8")]
    [InlineData("a endswith \"b\"", "a endswith b")]
    [InlineData("a contains \"b, c\"", "a contains \"b, c\"")]
    [InlineData("a contains  b=c ", "a contains b=c")]
    [InlineData("a icontains \"BÉ\"", "a icontains bÉ")]
    [InlineData("a glob \"[a,b]*\"", "a glob \"[a,b]*\"")]
    [InlineData("a glob \"\\*\"", "a glob \\*")]
    [InlineData("a regex \"a{1,3}\\d\"", "a regex \"a{1,3}\\d\"")]
    [InlineData("a regex \"a,\\\\\\\"b\"", "a regex \"a,\\\\\\\"b\"")]
    [InlineData("a regex \"(a|b)+\"", "a regex (a|b)+")]
    [InlineData("a=\"b\"", "a=b")]
    [InlineData("a!=\"b,c\"", "a!=\"b,c\"")]
    [InlineData("a=\"\\\"b\\\"\"", "a=\"\\\"b\\\"\"")]
    [InlineData("a= ", null)]
    [InlineData("a=\" \"", "a=\" \"")]
    [InlineData("a=", "a=")]
    public void ToString_Condition_IsCanonicalAndReadAgain(string line, string? canonical)
    {
        var keys = new MatchKeys();
        var conditions = ConditionParser.Fields(line, keys, static (_, _) => { });
        Assert.Equal(canonical, conditions.IsEmpty ? null : Assert.Single(conditions).ToString());
        if (canonical is not null)
        {
            Assert.Equal(canonical, Assert.Single(ConditionParser.Fields(canonical, keys, static (message, _) => Assert.Fail(message))).ToString());
        }
    }

    [Fact]
    public void Explain_TextOperators_SayWhatTheEventHas()
    {
        var rules = Make.Rules(Make.Rule("output_fields: ['a contains x', 'a icontains X', 'a endswith x', 'a glob x*', 'b regex x+']"));
        Assert.Equal(
            "output_fields: 'a contains x' fails, the event has 'y'; 'a icontains x' fails, the event has 'y'; 'a endswith x' fails, the event has 'y'; "
            + "'a glob x*' fails, the event has 'y'; 'b regex x+' fails, the event has no such field",
            Assert.Single(rules.Explain(Make.EventOf(fields: [("a", "\"y\"")]))).Reason);
    }

    [Fact]
    public void Explain_Operators_SayWhatTheEventHas()
    {
        var rules = Make.Rules(Make.Rule("output_fields: ['a in (x, y)', 'a startswith x', 'b exists', 'b cidr 10.0.0.0/8', 'c cidr 10.0.0.0/8']"));
        Assert.Equal(
            "output_fields: 'a in (x, y)' fails, the event has no such field; 'a startswith x' fails, the event has no such field; "
            + "'b exists' fails, the event has '<NA>'; 'b cidr 10.0.0.0/8' fails, the event has '<NA>', which is no IP address; "
            + "'c cidr 10.0.0.0/8' fails, the event has '11.0.0.1'",
            Assert.Single(rules.Explain(Make.EventOf(fields: [("b", "\"<NA>\""), ("c", "\"11.0.0.1\"")]))).Reason);
    }
}
