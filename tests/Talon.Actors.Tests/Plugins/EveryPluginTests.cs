using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Catalog;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.CloudApi.Google;
using Talon.Rules.Catalog;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;
using Talon.Rules.Outcomes;
using YamlDotNet.RepresentationModel;

namespace Talon.Actors.Tests.Plugins;

/// <summary>What holds for each actionner of the catalog, whichever it is.</summary>
public sealed partial class EveryPluginTests
{
    public static TheoryData<string> Actionners { get; } = [.. PluginCatalog.Default.Actionners.Select(descriptor => descriptor.Name.ToString())];

    public static TheoryData<string> Built { get; } =
        [.. PluginCatalog.Default.Actionners.Where(descriptor => descriptor.IsBuilt).Select(descriptor => descriptor.Name.ToString())];

    [Theory]
    [MemberData(nameof(Actionners))]
    public void Example_LoadsWithoutAWord(string name)
    {
        Assert.Empty(ParameterTrial.Diagnostics(Descriptor(name).Example));
        Assert.Contains($"actionner: {name}", Descriptor(name).Example, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public void Parameters_UnknownOne_IsRefusedWithASuggestion(string name)
    {
        string? known = Descriptor(name).Parameters.Specs.FirstOrDefault()?.Name;

        var problems = ParameterTrial.Problems(name, $$"""{{{known ?? "any"}}x: "1"}""");

        Assert.Contains(problems, line => line.Contains($"unknown parameter '{known ?? "any"}x' of {name}; ", StringComparison.Ordinal)
            && line.EndsWith(known is null ? "there are no parameters here" : $"did you mean '{known}'?", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public void Parameters_WrongType_IsRefused(string name)
    {
        ParameterValue[] values =
        [
            new ParameterValue.Text("x"), new ParameterValue.Whole(1), new ParameterValue.Real("1.5"), new ParameterValue.Flag(true),
            new ParameterValue.List([new ParameterValue.Text("x")]), new ParameterValue.Map(ParameterMap.Empty),
        ];

        foreach (var spec in Descriptor(name).Parameters.Specs)
        {
            foreach (var value in values.Where(value => !IsOf(spec.Type, value)))
            {
                var problems = Descriptor(name).Parameters.Bind(ParameterMap.Empty.With(spec.Name, value)).Problems;

                Assert.Contains(problems, problem => problem.Name == spec.Name && problem.Message.Contains("must be ", StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public void Parameters_RequiredOnes_AreMissed(string name)
    {
        string[] required = [.. Descriptor(name).Parameters.Specs.Where(spec => spec.Required).Select(spec => spec.Name)];

        var problems = Descriptor(name).Parameters.Bind(ParameterMap.Empty).Problems;

        Assert.All(required, missing => Assert.Contains(problems, problem => problem.Message == $"parameter '{missing}' is missing"));
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public void Parameters_Checks_NeverThrow(string name)
    {
        string[] texts = ["", " ", "/", "@", ":", "a/", "/a", "a:", "a@", "::/", "%", "\0", new('x', 10_000)];
        ParameterValue[] values =
        [
            .. texts.Select(text => new ParameterValue.Text(text)),
            new ParameterValue.Whole(long.MinValue), new ParameterValue.Whole(long.MaxValue),
            new ParameterValue.List([]), new ParameterValue.List([.. texts.Select(text => new ParameterValue.Text(text))]),
            new ParameterValue.Map(ParameterMap.Empty),
        ];

        foreach (var spec in Descriptor(name).Parameters.Specs)
        {
            Assert.All(values, value => Descriptor(name).Parameters.Bind(ParameterMap.Empty.With(spec.Name, value)));
        }
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public void Rbac_IsARoleThatGrantsOnlyNamedThings(string name)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Descriptor(name).Rbac));

        var documents = yaml.Documents.Select(document => (YamlMappingNode)document.RootNode).ToList();
        Assert.True(documents.Count > 0 != Descriptor(name).Permissions.Length > 0, "rights in Kubernetes, or elsewhere");
        Assert.All(documents, document =>
        {
            Assert.Equal("rbac.authorization.k8s.io/v1", document["apiVersion"].ToString());
            Assert.Contains(document["kind"].ToString(), new[] { "ClusterRole", "Role" });
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
    public void Name_EqualsTheFolder(string name)
    {
        var module = Modules.Single(module => module.Module.Descriptor.Name.ToString() == name);

        Assert.True(FullName(module.Folder) == name, $"{module.Folder} is the folder of {FullName(module.Folder)}; the descriptor there says {name}");
        Assert.Equal(module.Module.Create is not null, Descriptor(name).IsBuilt);
    }

    [Theory]
    [MemberData(nameof(Built))]
    public async Task Actionner_IsOfItsFolderAndDescriptor(string name)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var actionner = rig.Find(name);

        Assert.Equal(name, FullName(actionner.GetType().Namespace!));
        Assert.Equal(name, actionner.Descriptor.Name.ToString());
    }

    [Fact]
    public void Modules_AreAllInTheCatalog()
    {
        Assert.All(
            Modules,
            module => Assert.True(
                PluginCatalog.Default.Actionners.Contains(module.Module.Descriptor),
                $"{module.Module.Descriptor.Name} of {module.Folder} has no line in src/Talon.Actors/Catalog/PluginCatalog.cs"));
        Assert.Equal(Modules.Count, PluginCatalog.Default.Actionners.Length);
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public void Descriptor_IsWhole(string name)
    {
        var descriptor = Descriptor(name);

        Assert.EndsWith(".", descriptor.Description, StringComparison.Ordinal);
        Assert.NotEmpty(descriptor.Sources);
        Assert.All(descriptor.Parameters.Specs, SpecAssert.IsWhole);
        Assert.Equal(descriptor.Parameters.Specs.Length, descriptor.Parameters.Specs.Select(spec => spec.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [MemberData(nameof(Built))]
    public async Task Prepare_CancelledAttempt_SendsNothing(string name)
    {
        await using var rig = await ActionnerRig.StartAsync(withClouds: true);
        rig.Server.Store.AddPod("shop", "cart-0");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var preparation = await rig.Find(name).PrepareAsync(ExampleRequest(name), ActionnerRig.Scope(token: stop.Token));

        var failed = Assert.IsType<ActionOutcome.Failed>(Assert.IsType<Preparation.Done>(preparation).Outcome);
        Assert.Equal(FailureKind.NotSent, failed.Kind);
        Assert.Empty(rig.Server.Requests.All);
        Assert.Empty(rig.Google.Requests);
        Assert.Empty(rig.Aws.Calls);
    }

    [Theory]
    [MemberData(nameof(Built))]
    public async Task Prepare_WhileTheServerHangs_EndsWithTheToken(string name)
    {
        await using var rig = await ActionnerRig.StartAsync(withClouds: true);
        rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Faults.Add(KubeApi.FaultRule.Of(KubeApi.FaultKind.StallBody));
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Token, GoogleFaultKind.Stall) { Times = int.MaxValue });
        rig.Aws.Find = static http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        using var stop = new CancellationTokenSource();

        var preparing = rig.Find(name).PrepareAsync(ExampleRequest(name), ActionnerRig.Scope(token: stop.Token));
        await Eventually.TrueAsync(
            () => rig.Server.Requests.All.Count + rig.Aws.Calls.Count + rig.Google.Requests.Count > 0, () => "nothing was asked");
        await stop.CancelAsync();
        var preparation = await preparing.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(FailureKind.Timeout, Assert.IsType<ActionOutcome.Failed>(Assert.IsType<Preparation.Done>(preparation).Outcome).Kind);
    }

    [Theory]
    [MemberData(nameof(Built))]
    public async Task Prepare_DryRun_OnlyReads(string name)
    {
        await using var rig = await ActionnerRig.StartAsync(withClouds: true);
        await Objects.CreateAsync(rig, "api/v1/namespaces/shop/configmaps", """{"metadata":{"name":"kube-root"}}""");
        rig.Server.Store.AddPod("shop", "cart-0", new KubeApi.PodSeed { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "cart" } });

        var preparation = await rig.Find(name).PrepareAsync(ExampleRequest(name), ActionnerRig.Scope());

        var ready = Assert.IsType<Preparation.Ready>(preparation);
        Assert.NotEmpty(ready.Intent);
        Assert.All(rig.Server.Requests.All, request => Assert.Equal("GET", request.Method));
        Assert.All(rig.Google.Requests, request => Assert.True(request == "POST /token" || request.StartsWith("GET ", StringComparison.Ordinal), request));
        Assert.All(rig.Aws.Calls, call => Assert.Equal("GET", call.Method));
        Assert.True(rig.Server.Requests.All.Count + rig.Aws.Calls.Count + rig.Google.Requests.Count > 0, "it reads something");
    }

    private static IReadOnlyList<(string Folder, ActionnerModule Module)> Modules { get; } =
    [
        .. from type in typeof(PluginCatalog).Assembly.GetTypes()
           let module = type.GetProperty("Module", BindingFlags.Static | BindingFlags.Public)
           where module?.PropertyType == typeof(ActionnerModule)
           select (type.Namespace!, (ActionnerModule)module.GetValue(null)!),
    ];

    private static string FullName(string folder) => folder.ToLower(CultureInfo.InvariantCulture).Split('.')[^2..] switch
    {
        ["policies", var vendor] => $"{vendor}:networkpolicy",
        ["functions", "lambda"] => "aws:lambda",
        ["functions", "gcpfunction"] => "gcp:function",
        [_, var name] => $"kubernetes:{name}",
        _ => folder,
    };

    private static bool IsOf(ParameterType type, ParameterValue value) => (type, value) switch
    {
        (ParameterType.Text, ParameterValue.Text) => true,
        (ParameterType.Whole, ParameterValue.Whole) => true,
        (ParameterType.Flag, ParameterValue.Flag) => true,
        (ParameterType.TextList, ParameterValue.List) => true,
        (ParameterType.TextMap, ParameterValue.Map) => true,
        _ => false,
    };

    private static ActionnerDescriptor Descriptor(string name) => PluginCatalog.Default.FindActionner(ActionnerName.Parse(name))!;

    /// <summary>The action of an actionner's own example, about the pod shop/cart-0.</summary>
    internal static ActionRequest ExampleRequest(string name)
    {
        // The examples match several rules of Falco; the events of these tests have one.
        string example = FalcoRule().Replace(Descriptor(name).Example, "${before}Terminal shell in container");
        var rules = RuleLoader.Load([new RuleFile("example.yaml", example)], PluginCatalog.Default).Rules!;
        var falcoEvent = TestEvents.Syscall(
            ActionnerRig.Later(), ("k8s.ns.name", "shop"), ("k8s.pod.name", "cart-0"), ("fd.rip", "203.0.113.7"),
            ("fd.name", "/etc/shadow"), ("proc.vpid", 7),
            ("ka.target.resource", name == "kubernetes:delete" ? "configmaps" : null), ("ka.target.name", "kube-root"), ("ka.target.namespace", "shop"));
        var action = rules.Plan(falcoEvent)?.Rules.SelectMany(rule => rule.Actions).FirstOrDefault(action => action.Actionner == ActionnerName.Parse(name));
        Assert.True(action is not null, $"the rule of the example.yaml of {name} does not match what ExampleRequest makes: a syscall in the pod shop/cart-0");
        return ActionnerRig.Request(name, falcoEvent, action.Parameters);
    }

    [GeneratedRegex(@"^(?<before>  match:\n    rules:\n      - ).+$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FalcoRule();
}
