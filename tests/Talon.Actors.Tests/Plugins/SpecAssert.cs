using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Plugins;

/// <summary>What holds for each parameter and setting of the catalog.</summary>
internal static class SpecAssert
{
    public static void IsWhole(ParameterSpec spec)
    {
        Assert.Equal(spec.Name.ToLowerInvariant(), spec.Name);
        Assert.EndsWith(".", spec.Description, StringComparison.Ordinal);
        Assert.True(spec.Required == (spec.DefaultText.Length == 0), $"{spec.Name}: required or with a default");
    }
}
