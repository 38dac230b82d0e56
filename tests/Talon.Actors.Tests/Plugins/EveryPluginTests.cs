using System.Globalization;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.Rules.Loading;
using Talon.Rules.Model;
using Talon.Rules.Outcomes;
using Talon.Rules.Plugins;
using YamlDotNet.RepresentationModel;

namespace Talon.Actors.Tests.Plugins;

/// <summary>What holds for each actionner of the catalog, whichever it is.</summary>
public sealed class EveryPluginTests
{
    public static TheoryData<string> Actionners { get; } = [.. PluginCatalog.Default.Actionners.Select(descriptor => descriptor.Name.ToString())];

    [Theory]
    [MemberData(nameof(Actionners))]
    public void Example_LoadsWithoutAWord(string name)
    {
        var result = RuleLoader.Load([new RuleFile("example.yaml", Descriptor(name).Example)], PluginCatalog.Default);

        Assert.Empty(result.Diagnostics.Select(diagnostic => diagnostic.ToString()));
        Assert.NotNull(result.Rules);
        Assert.Contains($"actionner: {name}", Descriptor(name).Example, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public void Example_WithAnUnknownParameter_IsRefusedWithASuggestion(string name)
    {
        string known = Descriptor(name).Parameters.Specs[0].Name;
        string text = $"""
            - action: Wrong
              actionner: {name}
              parameters:
                {known}x: "1"
            - rule: A
              actions:
                - action: Wrong
            """;

        var result = RuleLoader.Load([new RuleFile("wrong.yaml", text)], PluginCatalog.Default);

        Assert.Null(result.Rules);
        Assert.Contains(
            result.Diagnostics.Select(diagnostic => diagnostic.ToString()),
            line => line.Contains($"{known}x", StringComparison.Ordinal) && line.Contains($"'{known}'", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public void Rbac_IsARoleThatGrantsOnlyNamedThings(string name)
    {
        string text = Descriptor(name).Rbac;
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));

        var documents = yaml.Documents.Select(document => (YamlMappingNode)document.RootNode).ToList();
        Assert.NotEmpty(documents);
        Assert.All(documents, document =>
        {
            Assert.Equal("rbac.authorization.k8s.io/v1", document["apiVersion"].ToString());
            Assert.Equal("ClusterRole", document["kind"].ToString());
            Assert.Equal($"talon-{name.Replace(':', '-')}", document["metadata"]["name"].ToString());
            Assert.NotEmpty((YamlSequenceNode)document["rules"]);
            foreach (var rule in (YamlSequenceNode)document["rules"])
            {
                foreach (string part in new[] { "apiGroups", "resources", "verbs" })
                {
                    var granted = (YamlSequenceNode)rule[part];
                    Assert.NotEmpty(granted);
                    Assert.All(granted, node => Assert.False(node.ToString() == "*", $"{part}: *"));
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public async Task Name_EqualsTheFolder(string name)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var actionner = rig.Find(name);
        string[] folders = actionner.GetType().Namespace!.Split('.');

        Assert.Equal(name, string.Join(':', folders[^2..].Select(folder => folder.ToLower(CultureInfo.InvariantCulture))));
        Assert.Equal(name, actionner.Descriptor.Name.ToString());
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public void Descriptor_IsWhole(string name)
    {
        var descriptor = Descriptor(name);

        Assert.EndsWith(".", descriptor.Description, StringComparison.Ordinal);
        Assert.NotEmpty(descriptor.Sources);
        Assert.All(descriptor.Parameters.Specs, spec =>
        {
            Assert.Equal(spec.Name.ToLowerInvariant(), spec.Name);
            Assert.NotEmpty(spec.Description);
            Assert.True(spec.Required == (spec.DefaultText.Length == 0), $"{spec.Name}: required or with a default");
        });
        Assert.Equal(descriptor.Parameters.Specs.Length, descriptor.Parameters.Specs.Select(spec => spec.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public async Task Prepare_CancelledAttempt_SendsNothing(string name)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var preparation = await rig.Find(name).PrepareAsync(ExampleRequest(name), ActionnerRig.Scope(token: stop.Token));

        var failed = Assert.IsType<ActionOutcome.Failed>(Assert.IsType<Preparation.Done>(preparation).Outcome);
        Assert.Equal(FailureKind.NotSent, failed.Kind);
        Assert.Empty(rig.Server.Requests.All);
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public async Task Prepare_WhileTheServerHangs_EndsWithTheToken(string name)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Faults.Add(KubeApi.FaultRule.Of(KubeApi.FaultKind.StallBody));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        var preparation = await rig.Find(name).PrepareAsync(ExampleRequest(name), ActionnerRig.Scope(token: stop.Token)).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(FailureKind.Timeout, Assert.IsType<ActionOutcome.Failed>(Assert.IsType<Preparation.Done>(preparation).Outcome).Kind);
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public async Task Prepare_DryRun_OnlyReads(string name)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");

        var preparation = await rig.Find(name).PrepareAsync(ExampleRequest(name), ActionnerRig.Scope());

        var ready = Assert.IsType<Preparation.Ready>(preparation);
        Assert.NotEmpty(ready.Intent);
        Assert.All(rig.Server.Requests.All, request => Assert.Equal("GET", request.Method));
    }

    private static ActionnerDescriptor Descriptor(string name) => PluginCatalog.Default.FindActionner(ActionnerName.Parse(name))!;

    /// <summary>The parameters of the example, on a pod.</summary>
    private static ActionRequest ExampleRequest(string name)
    {
        var rules = RuleLoader.Load([new RuleFile("example.yaml", Descriptor(name).Example)], PluginCatalog.Default).Rules!;
        var falcoEvent = ActionnerRig.EventFor("shop", "cart-0");
        var plan = rules.Plan(falcoEvent)!;
        var action = plan.Rules.SelectMany(rule => rule.Actions).First(action => action.Actionner == ActionnerName.Parse(name));
        return ActionnerRig.Request(name, falcoEvent, action.Parameters);
    }
}
