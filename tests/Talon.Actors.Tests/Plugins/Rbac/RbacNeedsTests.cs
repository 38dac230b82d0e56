using Talon.Actors.Actionners.Targets;
using Talon.Actors.Catalog;
using Talon.Actors.Plugins;
using Talon.Actors.Plugins.Rbac;
using Talon.Actors.Tests.Pipeline;
using Talon.Rules.Catalog;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Plugins.Rbac;

public sealed class RbacNeedsTests
{
    private static readonly Dictionary<string, string> NothingElse = new(StringComparer.Ordinal);

    private const string Manifest = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: one
        rules:
          - apiGroups: [""]
            resources: ["pods", "nodes"]
            verbs: ["get"]
        ---
        kind: ClusterRole
        metadata:
          name: two
          annotations:
            talon.falco.org/when: level=node
        rules:
          - apiGroups: [""]
            resources: ["nodes"]
            verbs: ["patch"]
        ---
        kind: Role
        metadata:
          name: three
        rules:
          - apiGroups: ["batch"]
            resources: ["jobs"]
            verbs: ["create"]
        """;

    [Fact]
    public void Add_Action_TakesWhatItsParametersAskFor()
    {
        var needs = Needs();

        needs.Add(Action());

        Assert.Equal([" nodes get", " pods get", "own:batch jobs create"], needs.Rights.Select(Text));
    }

    [Fact]
    public void Add_ParametersThatAskForMore_AddIt()
    {
        var needs = Needs();

        needs.Add(Action(("level", "node"), ("namespace", "captures")));

        Assert.Equal([" nodes get", " nodes patch", " pods get", "captures:batch jobs create"], needs.Rights.Select(Text));
    }

    [Fact]
    public void Add_ContextsAndNotifiers_AreAddedOnce()
    {
        var needs = Needs();

        needs.Add(Action() with { AdditionalContexts = ["where"] });
        needs.Add(Action() with { AdditionalContexts = ["where"] });
        needs.AddNotifier("TELLER");
        needs.AddNotifier("words");
        needs.AddNotifier("nobody");

        Assert.Equal([" nodes get", " nodes list", " pods get", "events.k8s.io events create", "own:batch jobs create"], needs.Rights.Select(Text));
    }

    [Theory]
    [InlineData("level", true, "level", "node")]
    [InlineData("level", false, "labels", "node")]
    [InlineData("level=node", true, "Level", "node")]
    [InlineData("level=node", false, "level", "pod")]
    [InlineData("level=node", false, "labels", "node")]
    [InlineData("level!=node", true, "labels", "node")]
    [InlineData("level!=node", true, "level", "pod")]
    [InlineData("level!=node", false, "level", "node")]
    public void Condition_Given_Holds(string condition, bool holds, string parameter, string value) =>
        Assert.Equal(holds, RbacCondition.Parse(condition).Holds(ParameterMap.From([new(parameter, new ParameterValue.Text(value))])));

    [Fact]
    public void Condition_FlagsAndNumbers_AreComparedByTheirText()
    {
        var parameters = ParameterMap.From([new("cordon", new ParameterValue.Flag(false)), new("count", new ParameterValue.Whole(3))]);

        Assert.False(RbacCondition.Parse("cordon!=false").Holds(parameters));
        Assert.True(RbacCondition.Parse("count=3").Holds(parameters));
    }

    [Theory]
    [InlineData("")]
    [InlineData("=node")]
    [InlineData("level=")]
    [InlineData("!=node")]
    [InlineData("a b")]
    public void Condition_Nonsense_IsAFault(string text) => Assert.Throws<FormatException>(() => RbacCondition.Parse(text));

    [Theory]
    [InlineData("kind: Secret")]
    [InlineData("kind: ClusterRole\nrules: [{apiGroups: [\"\"], resources: [pods], verbs: [get], nonResourceURLs: [a]}]")]
    [InlineData("kind: ClusterRole\nrules: pods")]
    public void Manifest_NotUnderstood_IsAFault(string yaml) => Assert.Throws<FormatException>(() => RbacManifest.Read(yaml));

    [Fact]
    public void Manifest_ResourceNames_AreRightsOfTheirOwn() => Assert.Equal(
        [new RbacRight(null, "", "pods", "get", "a"), new RbacRight(null, "", "pods", "get", "b")],
        RbacManifest.Read("kind: ClusterRole\nrules: [{apiGroups: [\"\"], resources: [pods], verbs: [get], resourceNames: [a, b]}]").Rights(ParameterMap.Empty, "own"));

    [Fact]
    public void Write_Rights_GroupsWhatNeedsTheSameVerbs()
    {
        string yaml = new RbacYaml("talon", "account", "own").Write(
        [
            new RbacRight(null, "", "nodes", "get"), new RbacRight(null, "", "pods", "get"), new RbacRight(null, "", "pods", "list"),
            new RbacRight(null, "apps", "deployments", "get", "a"), new RbacRight("own", "batch", "jobs", "create"),
        ], NothingElse);

        Assert.Contains("  - apiGroups: [\"\"]\n    resources: [\"nodes\"]\n    verbs: [\"get\"]\n", yaml, StringComparison.Ordinal);
        Assert.Contains("  - apiGroups: [\"\"]\n    resources: [\"pods\"]\n    verbs: [\"get\", \"list\"]\n", yaml, StringComparison.Ordinal);
        Assert.Contains("    resources: [\"deployments\"]\n    resourceNames: [\"a\"]\n    verbs: [\"get\"]\n", yaml, StringComparison.Ordinal);
        Assert.Contains("kind: Role\nmetadata:\n  name: talon\n  namespace: own\n", yaml, StringComparison.Ordinal);
        Assert.Equal("# These rules need no right in Kubernetes.\n", new RbacYaml("talon", "account", "own").Write([], NothingElse));
    }

    [Fact]
    public void Write_NeedsBeyondKubernetes_StandInCommentsBeforeTheDocuments()
    {
        var outside = new Dictionary<string, string>(StringComparer.Ordinal) { ["aws:s3"] = "{\n  \"Action\": \"s3:PutObject\"\n}\n", ["gcp:gcs"] = "one right" };

        string yaml = new RbacYaml("talon", "account", "own").Write([], outside);

        Assert.Equal(
            "# Beyond Kubernetes, aws:s3 needs:\n#   {\n#     \"Action\": \"s3:PutObject\"\n#   }\n\n"
            + "# Beyond Kubernetes, gcp:gcs needs:\n#   one right\n\n# These rules need no right in Kubernetes.\n",
            yaml);
    }

    [Fact]
    public void Add_Action_NamesWhatItAndItsOutputNeedBeyondKubernetes()
    {
        var needs = new RbacNeeds(PluginCatalog.Default, "own");
        needs.Add(Action() with { Actionner = ActionnerName.Parse("kubernetes:log"), Output = new PlannedOutput("aws:s3", ParameterMap.Empty) });
        needs.Add(Action() with { Actionner = ActionnerName.Parse("aws:lambda") });
        needs.Add(Action() with { Actionner = ActionnerName.Parse("kubernetes:label"), Output = new PlannedOutput("gcp:gcs", ParameterMap.Empty) });

        Assert.Equal(["aws:lambda", "aws:s3"], needs.Outside.Keys);
        Assert.Contains("lambda:InvokeFunction", needs.Outside["aws:lambda"], StringComparison.Ordinal);
        Assert.Contains("s3:PutObject", needs.Outside["aws:s3"], StringComparison.Ordinal);
    }

    [Fact]
    public void Default_EveryManifest_IsUnderstood()
    {
        var needs = new RbacNeeds(PluginCatalog.Default, "own");
        foreach (var descriptor in PluginCatalog.Default.Actionners)
        {
            needs.Add(Action() with { Actionner = descriptor.Name, AdditionalContexts = ["k8snode"] });
        }

        foreach (var notifier in PluginCatalog.Default.Notifiers)
        {
            needs.AddNotifier(notifier.Name);
        }

        Assert.NotEmpty(needs.Rights);
        Assert.All(needs.Rights, right => Assert.DoesNotContain("*", $"{right.Group}{right.Resource}{right.Verb}", StringComparison.Ordinal));
    }

    private static string Text(RbacRight right) => $"{(right.Namespace is null ? "" : right.Namespace + ":")}{right.Group} {right.Resource} {right.Verb}";

    private static PlannedAction Action(params (string Name, string Value)[] parameters) => Sample.Action(0) with
    {
        Parameters = ParameterMap.From(parameters.Select(p => new KeyValuePair<string, ParameterValue>(p.Name, new ParameterValue.Text(p.Value)))),
    };

    private static RbacNeeds Needs() => new(
        new PluginCatalog([new ActionnerModule(new FakeActionner(usesContexts: true).Descriptor with { Rbac = Manifest }, null)])
        {
            ContextModules =
            [
                new ContextModule(
                    new ContextDescriptor { Name = "where", Description = "", Keys = [], Rbac = "kind: ClusterRole\nrules: [{apiGroups: [\"\"], resources: [nodes], verbs: [list]}]" },
                    null),
            ],
            NotifierModules =
            [
                Notifier("teller", "kind: ClusterRole\nrules: [{apiGroups: [events.k8s.io], resources: [events], verbs: [create]}]"),
                Notifier("words", "A web hook that may be called."),
            ],
        },
        "own");

    private static NotifierModule Notifier(string name, string permissions) => new(
        new NotifierDescriptor { Name = name, Description = "", Settings = ParameterSchema.None, Permissions = permissions, Example = "" }, null);
}
