using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Talon.Actors.Catalog;
using Talon.Actors.Plugins.Rbac;
using Talon.Actors.Tests.Actionners;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Xunit.Abstractions;

namespace Talon.Actors.Tests.Plugins.Rbac;

/// <summary>
/// Runs every actionner with exactly the rights that <c>talon rbac print</c> gives it, and then with each of them taken away:
/// the rights are enough, and none is given for nothing.
/// </summary>
public sealed partial class LeastPrivilegeTests(ITestOutputHelper output)
{
    private const string User = "talon-s3cret";

    // Calico's API server asks for these itself, beyond the RBAC of Kubernetes; the stand-in does not.
    private static readonly string[] AskedForByOthers = ["tiers", "tier.networkpolicies"];

    public static TheoryData<string> Actionners =>
        [.. PluginCatalog.Default.Actionners.Where(descriptor => descriptor is { IsBuilt: true, Rbac.Length: > 0 }).Select(descriptor => descriptor.Name.ToString())];

    [Theory]
    [MemberData(nameof(Actionners))]
    public async Task Run_WithItsRights_SucceedsAndWithOneLessDoesNot(string actionner)
    {
        var scenarios = RbacScenario.All.Where(scenario => scenario.Actionner == actionner).ToList();
        Assert.True(scenarios.Count > 0, $"no test class has a static, internal property RbacScenarios with one of {actionner}");
        var given = new HashSet<RbacRight>();
        var needed = new HashSet<RbacRight>();
        foreach (var scenario in scenarios)
        {
            var rights = RightsOf(scenario);
            given.UnionWith(rights);
            var full = await RunAsync(scenario, rights);
            Assert.True(full is ActionOutcome.Succeeded, $"{scenario}: {full}");
            foreach (var right in rights.Except(needed).Where(right => !AskedForByOthers.Contains(right.Resource, StringComparer.Ordinal)))
            {
                var less = await RunAsync(scenario, rights.Remove(right));
                if (less is not ActionOutcome.Succeeded || Text(less) != Text(full))
                {
                    output.WriteLine($"{scenario} without {right.Verb} {right.Resource}: {Text(less)}");
                    needed.Add(right);
                }
            }
        }

        Assert.Empty(given.Except(needed).Where(right => !AskedForByOthers.Contains(right.Resource, StringComparer.Ordinal)).Select(right => $"{right} is needed for nothing"));
    }

    private static ImmutableArray<RbacRight> RightsOf(RbacScenario scenario)
    {
        var needs = new RbacNeeds(PluginCatalog.Default, "talon");
        needs.Add(Action(scenario));
        return needs.Rights;
    }

    private static PlannedAction Action(RbacScenario scenario) =>
        ActionnerRig.Request(scenario.Actionner, TestEvents.ForPod("shop", "any"), scenario.Parameters).Action;

    private static async Task<ActionOutcome> RunAsync(RbacScenario scenario, ImmutableArray<RbacRight> rights)
    {
        await using var rig = await ActionnerRig.StartAsync(new KubeApiOptions { EnforceRbac = true }, token: User);
        rig.Server.AddUser(User, "talon");
        rig.Server.Store.AddNamespace("talon");
        var about = await scenario.SetUpAsync(rig);
        foreach (var scope in rights.GroupBy(right => right.Namespace, StringComparer.Ordinal))
        {
            await GrantAsync(rig, scope.Key, scope);
        }

        var request = ActionnerRig.Request(scenario.Actionner, about, scenario.Parameters);
        bool stores = rig.Find(scenario.Actionner).Descriptor.Output == OutputUse.Required;
        return await rig.RunAsync(stores ? request with { Output = new MemoryOutput().Store() } : request);
    }

    private static async Task GrantAsync(ActionnerRig rig, string? scope, IEnumerable<RbacRight> rights)
    {
        string path = $"apis/rbac.authorization.k8s.io/v1/{(scope is null ? "cluster" : $"namespaces/{scope}/")}role";
        var rules = new JsonArray([.. rights.Select(right => new JsonObject
        {
            ["apiGroups"] = new JsonArray(right.Group),
            ["resources"] = new JsonArray(right.Resource),
            ["verbs"] = new JsonArray(right.Verb),
        })]);
        await Objects.CreateAsync(rig, $"{path}s", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "talon" }, ["rules"] = rules }.ToJsonString());
        string kind = scope is null ? "ClusterRole" : "Role";
        await Objects.CreateAsync(
            rig,
            $"{path}bindings",
            $$"""
            {"metadata":{"name":"talon"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"{{kind}}","name":"talon"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"talon"}]}
            """);
    }

    private static string Text(ActionOutcome outcome) => Changing().Replace(
        outcome switch
        {
            ActionOutcome.Succeeded success => success.Output,
            ActionOutcome.Ignored ignored => ignored.Reason,
            ActionOutcome.Failed failed => failed.Reason,
            _ => "",
        },
        "_");

    // Uids, and the ends of the names of pods that the stand-in makes.
    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|-[a-z0-9]{5}\\b", RegexOptions.NonBacktracking)]
    private static partial Regex Changing();
}
