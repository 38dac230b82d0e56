using Talon.Actors.Catalog;
using Talon.Rules.Catalog;
using Talon.Rules.Loading.Compiling;
using Talon.Rules.Yaml;

namespace Talon.Actors.Tests.Plugins;

/// <summary>What holds for each notifier and context of the catalog, whichever it is.</summary>
public sealed class EveryNotifierTests
{
    private static readonly string[] Secrets = ["webhook_url", "password", "api_key", "custom_headers", "hmac_secret"];

    public static TheoryData<string> Notifiers { get; } = [.. PluginCatalog.Default.Notifiers.Select(notifier => notifier.Name)];

    [Fact]
    public void Catalog_ListsThemInTheDocumentedOrder()
    {
        Assert.Equal(["k8sevents", "slack", "smtp", "webhook", "loki", "elasticsearch"], PluginCatalog.Default.Notifiers.Select(notifier => notifier.Name));
        Assert.Equal(["aws", "k8snode"], PluginCatalog.Default.Contexts.Select(context => context.Name));
    }

    [Theory]
    [MemberData(nameof(Notifiers))]
    public void Example_HasRightSettings(string name)
    {
        var root = Assert.IsType<YamlNode.Mapping>(Assert.Single(YamlDocument.Read("example.yaml", Find(name).Example).Documents));
        var settings = Assert.IsType<YamlNode.Mapping>(Assert.IsType<YamlNode.Mapping>(root.Find("notifiers")).Find(name));

        Assert.Empty(Find(name).Settings.Bind(ParameterNodes.ToMap(settings)).Problems);
        Assert.Equal(name, Assert.IsType<YamlNode.Scalar>(Assert.Single(Assert.IsType<YamlNode.Sequence>(root.Find("default_notifiers")).Items)).Text);
    }

    [Theory]
    [MemberData(nameof(Notifiers))]
    public void Descriptor_IsWhole(string name)
    {
        var notifier = Find(name);

        Assert.Equal(name.ToLowerInvariant(), name);
        Assert.EndsWith(".", notifier.Description, StringComparison.Ordinal);
        Assert.Equal("setting", notifier.Settings.Word);
        Assert.All(notifier.Settings.Specs, SpecAssert.IsWhole);
        Assert.All(notifier.Settings.Specs, spec => Assert.True(spec.IsSecret == Secrets.Contains(spec.Name, StringComparer.Ordinal), $"{spec.Name}: secret or not"));
    }

    [Theory]
    [MemberData(nameof(Notifiers))]
    public void Messages_OfWrongValues_NeverShowASecret(string name)
    {
        ParameterValue[] values =
        [
            new ParameterValue.Text("t0ps\r\necret"), new ParameterValue.Whole(4711), new ParameterValue.Real("4711.5"),
            new ParameterValue.List([new ParameterValue.Text("t0psecret")]),
            new ParameterValue.Map(ParameterMap.Empty.With("X", new ParameterValue.Text("t0ps\r\necret"))),
            new ParameterValue.Map(ParameterMap.Empty.With("X", new ParameterValue.Whole(4711))),
        ];
        foreach (var spec in Find(name).Settings.Specs.Where(spec => spec.IsSecret))
        {
            foreach (var value in values)
            {
                Assert.All(
                    Find(name).Settings.Bind(ParameterMap.Empty.With(spec.Name, value)).Problems,
                    problem => Assert.DoesNotMatch("t0ps|4711", $"{problem.Message} {problem.Hint}"));
            }
        }
    }

    [Fact]
    public void Rbac_OfK8sEvents_IsARole()
    {
        var role = Assert.IsType<YamlNode.Mapping>(Assert.Single(YamlDocument.Read("rbac.yaml", Find("k8sevents").Permissions).Documents));

        Assert.Equal("ClusterRole", Assert.IsType<YamlNode.Scalar>(role.Find("kind")).Text);
        Assert.NotNull(role.Find("rules"));
    }

    [Fact]
    public void Contexts_AreWhole() => Assert.All(PluginCatalog.Default.Contexts, context =>
    {
        Assert.EndsWith(".", context.Description, StringComparison.Ordinal);
        Assert.NotEmpty(context.Keys);
    });

    [Fact]
    public void Rbac_OfK8sNode_MayGetPodsAndNodesOnly()
    {
        var context = PluginCatalog.Default.Contexts.Single(context => context.Name == "k8snode");
        var role = Assert.IsType<YamlNode.Mapping>(Assert.Single(YamlDocument.Read("rbac.yaml", context.Rbac).Documents));

        Assert.Equal("ClusterRole", Text(role.Find("kind")));
        Assert.Equal("talon-k8snode", Text(Assert.IsType<YamlNode.Mapping>(role.Find("metadata")).Find("name")));
        Assert.Equal(
            ["pods get", "nodes get"],
            Assert.IsType<YamlNode.Sequence>(role.Find("rules")).Items.Cast<YamlNode.Mapping>()
                .Select(rule => $"{Single(rule, "resources")} {Single(rule, "verbs")}"));
        Assert.Empty(PluginCatalog.Default.Contexts.Single(context => context.Name == "aws").Rbac);

        static string Text(YamlNode? node) => Assert.IsType<YamlNode.Scalar>(node).Text;

        static string Single(YamlNode.Mapping rule, string key) => Text(Assert.Single(Assert.IsType<YamlNode.Sequence>(rule.Find(key)).Items));
    }

    private static NotifierDescriptor Find(string name) => PluginCatalog.Default.Notifiers.Single(notifier => notifier.Name == name);
}
