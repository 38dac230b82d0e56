using Talon.Actors.Actionners.Removal.Terminate;
using Talon.Actors.Catalog;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Catalog;

public sealed class PluginCatalogTests
{
    [Theory]
    [InlineData("kubernetes:terminate", "repeat uid destructive", OutputUse.None)]
    [InlineData("kubernetes:label", "continue repeat uid", OutputUse.None)]
    [InlineData("kubernetes:annotation", "continue repeat uid", OutputUse.None)]
    [InlineData("kubernetes:networkpolicy", "continue repeat destructive", OutputUse.None)]
    [InlineData("kubernetes:exec", "continue contexts long container", OutputUse.None)]
    [InlineData("kubernetes:script", "continue contexts long container", OutputUse.None)]
    [InlineData("kubernetes:log", "continue repeat long container", OutputUse.Allowed)]
    [InlineData("kubernetes:delete", "repeat uid destructive", OutputUse.None)]
    [InlineData("kubernetes:cordon", "continue repeat uid destructive", OutputUse.None)]
    [InlineData("kubernetes:drain", "continue repeat uid long destructive", OutputUse.None)]
    [InlineData("kubernetes:download", "continue contexts repeat long container", OutputUse.Required)]
    [InlineData("kubernetes:tcpdump", "long container", OutputUse.Required)]
    [InlineData("kubernetes:sysdig", "long container", OutputUse.Required)]
    [InlineData("aws:lambda", "continue contexts", OutputUse.None)]
    [InlineData("gcp:function", "continue contexts", OutputUse.None)]
    [InlineData("calico:networkpolicy", "continue repeat destructive", OutputUse.None)]
    [InlineData("cilium:networkpolicy", "continue repeat destructive", OutputUse.None)]
    public void Default_Flags_AreThoseOfTheContract(string name, string flags, OutputUse output)
    {
        var descriptor = PluginCatalog.Default.FindActionner(ActionnerName.Parse(name))!;
        (string Word, bool Holds)[] all =
        [
            ("continue", descriptor.ContinueByDefault), ("contexts", descriptor.UsesContexts), ("repeat", descriptor.RepeatSafe),
            ("uid", descriptor.UidPrecondition), ("long", descriptor.LongRunning), ("destructive", descriptor.Destructive),
            ("container", descriptor.FailsAtWillOfContainer),
        ];

        Assert.Equal(flags, string.Join(' ', all.Where(flag => flag.Holds).Select(flag => flag.Word)));
        Assert.Equal(output, descriptor.Output);
    }

    // What there is, and in which order, stands in docs/actionners/README.md, which a test compares with the catalog.
    [Fact]
    public void Default_AllButTheFunctionOfGoogle_AreBuilt() => Assert.Equal(
        ["gcp:function"],
        PluginCatalog.Default.Actionners.Where(descriptor => !descriptor.IsBuilt).Select(descriptor => descriptor.Name.ToString()));

    [Fact]
    public void FindActionner_KnownAndUnknown_IsTold()
    {
        Assert.Equal("Terminates the pod.", PluginCatalog.Default.FindActionner(ActionnerName.Parse("kubernetes:terminate"))?.Description);
        Assert.Null(PluginCatalog.Default.FindActionner(ActionnerName.Parse("kubernetes:nothing")));
    }

    [Fact]
    public void Create_SameNameTwice_IsRefused()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => new PluginCatalog([TerminateActionner.Module, TerminateActionner.Module]));

        Assert.Contains("kubernetes:terminate", fault.Message, StringComparison.Ordinal);
    }
}
