using System.Text.RegularExpressions;
using Talon.Rules.Events;

namespace Talon.Rules.Tests.Events;

public sealed partial class VolatileFieldsTests
{
    [Theory]
    [InlineData("evt.time")]
    [InlineData("evt.time.iso8601")]
    [InlineData("evt.rawtime.ns")]
    [InlineData("evt.datetime.s")]
    [InlineData("evt.latency.human")]
    [InlineData("evt.deltatime.s")]
    [InlineData("evt.num")]
    [InlineData("evt.cpu")]
    [InlineData("jevt.rawtime")]
    [InlineData("jevt.value[/auditID]")]
    [InlineData("ka.auditid")]
    [InlineData("proc.pid")]
    [InlineData("proc.apid[7]")]
    [InlineData("thread.tid")]
    public void IndexOf_Volatile_IsFound(string field) => Assert.InRange(VolatileFields.IndexOf(field), 0, VolatileFields.All.Length - 1);

    // An action could be done to these, or they are the same in a repetition: they count.
    [Theory]
    [InlineData("")]
    [InlineData("evt.timer")]
    [InlineData("evt.time.")]
    [InlineData("EVT.TIME")]
    [InlineData("evt.arg.pid")]
    [InlineData("evt.hostname")]
    [InlineData("proc.pids")]
    [InlineData("proc.apid")]
    [InlineData("proc.apid[]")]
    [InlineData("proc.apid[1")]
    [InlineData("proc.aname[1]")]
    [InlineData("proc.sid.exe")]
    [InlineData("proc.vpgid.name")]
    [InlineData("proc.tty")]
    [InlineData("fd.num")]
    [InlineData("fd.cport")]
    [InlineData("fd.rip")]
    [InlineData("container.id")]
    [InlineData("container.start_ts")]
    [InlineData("k8s.pod.uid")]
    [InlineData("jevt.obj")]
    [InlineData("jevt.value[/objectRef/name]")]
    [InlineData("ka.target.name")]
    public void IndexOf_AnythingElse_IsNotFound(string field) => Assert.True(VolatileFields.IndexOf(field) < 0);

    [Fact]
    public void IndexOf_EachPattern_MatchesItself()
    {
        Assert.Equal(VolatileFields.All.Length, VolatileFields.All.Distinct().Count());
        Assert.InRange(VolatileFields.All.Length, 1, 128);
        for (int i = 0; i < VolatileFields.All.Length; i++)
        {
            Assert.Equal(i, VolatileFields.IndexOf(VolatileFields.All[i].Replace("*", "x", StringComparison.Ordinal)));
            Assert.Equal(VolatileFields.KindOf(i) == VolatileKind.Process, VolatileFields.Processes.Contains(i));
        }
    }

    [Theory]
    [InlineData("kill ${PROC_VPID}", "proc.vpid")]
    [InlineData("kill $PROC_VPID", "proc.vpid")]
    [InlineData("echo ${#PROC_VPID} ${PROC_APID_2:-0}", "proc.vpid proc.apid[*]")]
    [InlineData("$EVT_TIME_ISO8601", "evt.time evt.time.*")]
    [InlineData("kill $proc_vpid", "")]
    [InlineData("PROC_VPID", "")]
    [InlineData("$FD_NAME", "")]
    public void NamedIn_Text_FindsTheVariables(string text, string expected)
    {
        var named = VolatileFields.NamedIn(text);
        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            VolatileFields.All.Where((_, index) => named.Contains(index)).Order());
    }

    [Fact]
    public void All_Documentation_HasTheSameList()
    {
        string document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "event-identity.md"));
        string section = document[document.IndexOf("## Volatile fields", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", 2, StringComparison.Ordinal)];
        var rows = Row().Matches(section).ToDictionary(
            row => row.Groups["kind"].Value,
            row => Code().Matches(row.Groups["fields"].Value).Select(field => field.Groups["name"].Value).Order(StringComparer.Ordinal).ToArray());
        foreach (var (kind, words) in ((VolatileKind, string)[])
            [(VolatileKind.Time, "times"), (VolatileKind.Count, "counters"), (VolatileKind.Record, "records"), (VolatileKind.Process, "processes")])
        {
            Assert.Equal(VolatileFields.All.Where((_, index) => VolatileFields.KindOf(index) == kind).Order(StringComparer.Ordinal), rows[words]);
        }
    }

    [GeneratedRegex(@"^\| (?<kind>[a-z]+) \| (?<fields>`.*`) \|$", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
