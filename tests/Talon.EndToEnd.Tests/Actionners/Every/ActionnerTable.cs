using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners.Every;

/// <summary>
/// All actionners with what differs between them where they meet the same trouble. What each does when all goes well stands in a
/// specification of its own.
/// </summary>
internal sealed class ActionnerTable : IRowNeeds
{
    private static readonly ActionnerRow[] Rows =
    [
        new("kubernetes:terminate") { Verb = "delete", GoneIsFine = true },
        new("kubernetes:delete") { Verb = "delete", Resource = "configmaps", GoneIsFine = true },
        new("kubernetes:label") { Verb = "patch", Parameters = "    labels:\n      suspicious: \"true\"\n" },
        new("kubernetes:annotation") { Verb = "patch", Parameters = "    annotations:\n      suspicious: \"true\"\n" },
        new("kubernetes:networkpolicy") { Verb = "create", Resource = "networkpolicies" },
        new("calico:networkpolicy") { Verb = "create", Resource = "networkpolicies", Needs = [Support.Needs.CalicoCrd] },
        new("cilium:networkpolicy") { Verb = "create", Resource = "ciliumnetworkpolicies", Needs = [Support.Needs.CiliumCrd] },
        InContainer("kubernetes:exec") with { Parameters = "    command: \"true\"\n", RepeatSafe = false },
        InContainer("kubernetes:script") with { Parameters = "    script: \"true\"\n", RepeatSafe = false },
        InContainer("kubernetes:download") with
        {
            Parameters = "    file: /etc/passwd\n",
            Action = SpecRules.Stored(),
        },
        Capture("kubernetes:tcpdump", "patch", Captures.TcpdumpImage) with { Subresource = "ephemeralcontainers" },
        Capture("kubernetes:sysdig", "create", Captures.SysdigImage) with { Resource = "jobs" },
        new("kubernetes:log") { Verb = "get", Subresource = "log", Prints = true, Needs = [Support.Needs.Kubelet, Support.Needs.ShellImage] },
        new("kubernetes:cordon") { Verb = "patch", Resource = "nodes", Needs = [Support.Needs.Nodes] },
        new("kubernetes:drain") { Verb = "patch", Resource = "nodes", Needs = [Support.Needs.Nodes] },
    ];

    /// <summary>The names, for a theory.</summary>
    public static TheoryData<string> Names => [.. Rows.Select(row => row.Name)];

    /// <summary>The names of those that notice when a test replaces their object late.</summary>
    public static TheoryData<string> NamesOfThoseThatNotice => [.. Rows.Where(row => row.NoticesAnother).Select(row => row.Name)];

    public static ActionnerRow Of(string name) => Rows.Single(row => row.Name == name);

    /// <summary>Two rules for each: as it is, and with a timeout that is just enough to come to its write.</summary>
    public static string Rules => string.Join('\n', Rows.SelectMany(row => new[]
    {
        SpecRules.Of(row.Rule, row.Name, row.Parameters, row.Action),
        SpecRules.Of(row.ImpatientRule, row.Name, row.Parameters, $"  timeout: {ClusterRig.ImpatienceMark}\n{row.Action}"),
    }));

    IEnumerable<string> IRowNeeds.Of(object?[] row) => Of((string)row[0]!).Needs;

    private static ActionnerRow InContainer(string name) =>
        new(name) { Verb = "get", Subresource = "exec", Shell = true, Needs = [Support.Needs.Kubelet, Support.Needs.ShellImage] };

    private static ActionnerRow Capture(string name, string verb, string image) => new(name)
    {
        Verb = verb,
        Parameters = Captures.Brief,
        Action = SpecRules.Stored(),
        RepeatSafe = false,
        Needs = [Support.Needs.Kubelet, image],
    };
}
