using Talon.Actors.Plugins;

namespace Talon.EndToEnd.Tests.Actionners.Every;

public sealed class ActionnerTableTests
{
    // Their containers come from images: they have a specification of their own for all of it.
    private static readonly string[] Captures = ["kubernetes:sysdig", "kubernetes:tcpdump"];

    [Fact]
    public void Names_EveryActionnerOfAKubernetesCluster_IsThere() => Assert.Equal(
        PluginCatalog.Default.Actionners
            .Where(descriptor => descriptor is { IsBuilt: true, Name.Category: "kubernetes" or "calico" or "cilium" })
            .Select(descriptor => descriptor.Name.ToString())
            .Except(Captures, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
        ActionnerTable.Names.Select((object[] row) => (string)row[0]).Order(StringComparer.Ordinal));
}
