using Talon.Actors.Actionners.Kubernetes.Terminate;
using Talon.Actors.Plugins;
using Talon.Rules.Model;

namespace Talon.Actors.Tests.Plugins;

public sealed class PluginCatalogTests
{
    [Fact]
    public void Default_ListsWhatTalonShips() => Assert.Equal(
        [ActionnerName.Parse("kubernetes:terminate"), ActionnerName.Parse("kubernetes:label")],
        PluginCatalog.Default.Actionners.Select(descriptor => descriptor.Name));

    [Fact]
    public void FindActionner_KnownAndUnknown_IsTold()
    {
        Assert.Equal("Terminates the pod.", PluginCatalog.Default.FindActionner(ActionnerName.Parse("kubernetes:terminate"))?.Description);
        Assert.Null(PluginCatalog.Default.FindActionner(ActionnerName.Parse("kubernetes:nothing")));
    }

    [Fact]
    public void Create_SameNameTwice_IsRefused()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => new PluginCatalog([TerminateModule.Module, TerminateModule.Module]));

        Assert.Contains("kubernetes:terminate", fault.Message, StringComparison.Ordinal);
    }
}
