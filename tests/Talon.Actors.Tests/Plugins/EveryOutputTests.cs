using Talon.Actors.Actionners.Targets;
using Talon.Actors.Catalog;
using Talon.Actors.Outputs;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;

namespace Talon.Actors.Tests.Plugins;

/// <summary>What holds for each output of the catalog, whichever it is.</summary>
public sealed class EveryOutputTests
{
    // The catalog as it will be once everything is built: an example must not wait for that to be right.
    private static readonly PluginCatalog AllBuilt = new(PluginCatalog.Default.Actionners.Select(descriptor => new ActionnerModule(descriptor, _ => throw new NotSupportedException())))
    {
        OutputModules = [.. PluginCatalog.Default.Outputs.Select(output => new OutputModule(output, _ => throw new NotSupportedException()))],
    };

    public static TheoryData<string> Outputs { get; } = [.. PluginCatalog.Default.Outputs.Select(output => output.Name)];

    [Fact]
    public void Catalog_ListsThemInTheDocumentedOrder() =>
        Assert.Equal(["local:file", "minio:s3", "aws:s3", "gcp:gcs"], PluginCatalog.Default.Outputs.Select(output => output.Name));

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Example_LoadsWithoutAWordAndUsesTheOutput(string name)
    {
        var result = RuleLoader.Load([new RuleFile("example.yaml", Find(name).Example)], AllBuilt);

        Assert.Empty(result.Diagnostics.Select(diagnostic => diagnostic.ToString()));
        var output = Assert.Single(Assert.Single(result.Rules!.Rules).Plan.Actions).Output!;
        Assert.Equal(name, output.Target);
        Assert.Equal(Find(name).Parameters.Specs.Select(spec => spec.Name).Order(StringComparer.Ordinal), output.Parameters.Names);
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Descriptor_IsWhole(string name)
    {
        var output = Find(name);

        Assert.True(ActionnerName.TryParse(name, out _));
        Assert.EndsWith(".", output.Description, StringComparison.Ordinal);
        Assert.NotEmpty(output.Permissions);
        Assert.All(output.Parameters.Specs, SpecAssert.IsWhole);
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public void RequiredParameter_Empty_IsRefused(string name)
    {
        foreach (var spec in Find(name).Parameters.Specs.Where(spec => spec.Required))
        {
            Assert.Contains("must not be empty", spec.Check!(new ParameterValue.Text(" ")), StringComparison.Ordinal);
        }
    }

    private static OutputDescriptor Find(string name) => PluginCatalog.Default.Outputs.Single(output => output.Name == name);
}
