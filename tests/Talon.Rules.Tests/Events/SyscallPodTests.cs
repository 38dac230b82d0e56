namespace Talon.Rules.Tests.Events;

/// <summary>Which fields name the pod of a system call. In the rows <c>-</c> is a field that is missing.</summary>
public sealed class SyscallPodTests
{
    private static readonly string[] Fields = ["k8s.pod.name", "k8s.ns.name", "k8s.pod.uid", "k8smeta.pod.name", "k8smeta.ns.name", "k8smeta.pod.uid"];

    [Theory]
    // Whole from one source.
    [InlineData("web shop u1 - - -", "web shop u1")]
    [InlineData("- - - web shop u1", "web shop u1")]
    [InlineData("null null null web shop u1", "web shop u1")]
    [InlineData("<NA> <NA> <NA> web shop u1", "web shop u1")]
    [InlineData("'' '' '' web shop u1", "web shop u1")]
    [InlineData("web shop u1 <NA> null ''", "web shop u1")]
    // The uid of the other source completes them.
    [InlineData("web shop - web shop u1", "web shop u1")]
    [InlineData("web shop - - - u1", "web shop u1")]
    // Half known from the runtime: both from k8smeta.
    [InlineData("web - - web shop u1", "web shop u1")]
    [InlineData("- shop - web shop u1", "web shop u1")]
    [InlineData("- - u1 web shop -", "web shop u1")]
    // Never one from each.
    [InlineData("web - - - shop -", "web - -")]
    [InlineData("- shop - web - -", "- shop -")]
    // Sources that contradict each other.
    [InlineData("web - - cart shop u1", "web - -")]
    [InlineData("- shop - web till u1", "- shop -")]
    [InlineData("- - u1 web shop u2", "- - u1")]
    [InlineData("web shop - cart shop u2", "web shop -")]
    [InlineData("web shop u1 web shop u2", "web shop u1")]
    // Half of k8smeta alone is no pair either.
    [InlineData("- - - web - u1", "web - u1")]
    [InlineData("- - - - - -", "- - -")]
    public void Of_Fields_NamesThePod(string sent, string expected)
    {
        var falcoEvent = Make.EventOf(fields: [.. Fields.Zip(sent.Split(' ')).Where(pair => pair.Second != "-").Select(pair => (pair.First, Json(pair.Second)))]);
        Assert.Equal(expected, $"{falcoEvent.PodName ?? "-"} {falcoEvent.Namespace ?? "-"} {falcoEvent.PodUid ?? "-"}");
        Assert.Equal(falcoEvent.PodName is not null, falcoEvent.NamesPod);
    }

    [Fact]
    public void Of_RandomFields_NameAndNamespaceAreOfOneSource()
    {
        var random = new Random(13);
        string[] values = ["-", "null", "<NA>", "a", "b"];
        for (int round = 0; round < 20_000; round++)
        {
            string[] sent = [.. Fields.Select(_ => values[random.Next(values.Length)])];
            var falcoEvent = Make.EventOf(fields: [.. Fields.Zip(sent).Where(pair => pair.Second != "-").Select(pair => (pair.First, Json(pair.Second)))]);
            string?[] known = [.. sent.Select(value => value is "a" or "b" ? value : null)];
            if (falcoEvent is { PodName: { } name, Namespace: { } ns })
            {
                Assert.True((name, ns) == (known[0], known[1]) || (name, ns) == (known[3], known[4]), string.Join(' ', sent));
            }

            if (known[0] is not null && known[1] is not null)
            {
                Assert.Equal((known[0], known[1]), (falcoEvent.PodName, falcoEvent.Namespace));
            }
        }
    }

    [Fact]
    public void NamesPod_AuditEvent_OnlyWhereAFieldOfPodsSaysSo()
    {
        Assert.False(Make.EventOf(fields: [("ka.target.name", "\"x\"")]).NamesPod);
        Assert.True(Make.EventOf(fields: [("ka.target.name", "\"x\""), ("ka.target.pod.name", "\"y\"")]).NamesPod);
        Assert.True(Make.EventOf(fields: [("ka.target.name", "\"x\""), ("k8smeta.pod.name", "\"y\"")]).NamesPod);
    }

    private static string Json(string value) => value switch { "null" => "null", "''" => "\"\"", _ => $"\"{value}\"" };
}
