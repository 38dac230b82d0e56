using Talon.Actors.Catalog;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners.Every;

public sealed class ActionnerTableTests
{
    public static TheoryData<string> Actionners => ActionnerTable.Names;

    /// <summary>Each documented parameter has a rule that sets it, in the specification of its actionner.</summary>
    [Theory]
    [MemberData(nameof(Actionners))]
    public void Parameters_OfEveryActionner_StandInRulesOfTheSpecifications(string actionner)
    {
        string[] written =
        [
            .. typeof(ActionnerTable).Assembly.GetTypes()
                .Where(type => type.IsAssignableTo(typeof(IClusterRules)) && type is { IsAbstract: false, DeclaringType: not null })
                .SelectMany(type => ((IClusterRules)Activator.CreateInstance(type)!).Rules.Split("- action: "))
                .Where(action => action.Contains($"actionner: {actionner}\n", StringComparison.Ordinal)),
        ];
        var descriptor = PluginCatalog.Default.Actionners.Single(descriptor => descriptor.Name.ToString() == actionner);
        Assert.All(descriptor.Parameters.Specs, parameter => Assert.True(
            written.Any(action => action.Contains($"    {parameter.Name}:", StringComparison.Ordinal)),
            $"no RuleSet of a specification has a rule that sets '{parameter.Name}' of {actionner}"));
    }

    [Fact]
    public void Names_EveryActionnerOfAKubernetesCluster_IsThere()
    {
        string[] shipped =
        [
            .. PluginCatalog.Default.Actionners
                .Where(descriptor => descriptor is { IsBuilt: true, Name.Category: "kubernetes" or "calico" or "cilium" })
                .Select(descriptor => descriptor.Name.ToString()),
        ];
        string[] rows = [.. ActionnerTable.Names.Select((object[] row) => (string)row[0])];

        Assert.All(shipped, name => Assert.True(rows.Contains(name), $"no specification has a static, internal property Row for {name}"));
        Assert.Equal(shipped.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }
}
