using System.Globalization;
using Talon.Actors.Catalog;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Plugins;

/// <summary>What numbers every parameter and setting takes, and that a number outside is told with both bounds.</summary>
public sealed class ParameterBoundsTests
{
    private static readonly Dictionary<string, ParameterSchema> Schemas = PluginCatalog.Default.Actionners.Select(one => (one.Name.ToString(), one.Parameters))
        .Concat(PluginCatalog.Default.Outputs.Select(one => (one.Name, one.Parameters)))
        .Concat(PluginCatalog.Default.Notifiers.Select(one => (one.Name, one.Settings)))
        .ToDictionary(one => one.Item1, one => one.Item2, StringComparer.Ordinal);

    public static IEnumerable<object[]> Numbers { get; } =
        [.. Schemas.SelectMany(schema => schema.Value.Specs.Where(spec => spec.Type == ParameterType.Whole).Select(spec => new object[] { schema.Key, spec.Name }))];

    [Fact]
    public void Numbers_OfTheCatalog_AreMoreThanAFew() => Assert.True(Numbers.Count() >= 10, $"{Numbers.Count()}");

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Bind_AtTheBounds_IsTaken(string plugin, string parameter)
    {
        var range = Schemas[plugin].Find(parameter)!.Range!;

        Assert.Empty(Problems(plugin, parameter, new ParameterValue.Whole(range.Least)));
        Assert.Empty(Problems(plugin, parameter, new ParameterValue.Whole(range.Most)));
        Assert.Equal(range.AllowsZero || range.Least <= 0, Problems(plugin, parameter, new ParameterValue.Whole(0)) is []);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Bind_OutsideTheBounds_IsToldWithBoth(string plugin, string parameter)
    {
        var range = Schemas[plugin].Find(parameter)!.Range!;
        ParameterValue[] outside =
        [
            new ParameterValue.Whole(range.Least - 1 == 0 && range.AllowsZero ? -1 : range.Least - 1),
            new ParameterValue.Whole(range.Most + 1),
            new ParameterValue.Whole(99999999999),
            new ParameterValue.Whole(long.MinValue),
            new ParameterValue.Whole(long.MaxValue),
            new ParameterValue.Real("99999999999999999999"),
            new ParameterValue.Real("-99999999999999999999"),
        ];

        foreach (var value in outside)
        {
            Assert.Contains(
                string.Create(CultureInfo.InvariantCulture, $"from {range.Least} to {range.Most}"),
                Assert.Single(Problems(plugin, parameter, value)),
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("kubernetes:terminate", "grace_period_seconds", "parameter 'grace_period_seconds': must be from 0 to 2147483647 seconds; leave it out for the pod's own grace period")]
    [InlineData("kubernetes:tcpdump", "snaplen", "parameter 'snaplen': must be from 0 to 262144 bytes")]
    public void Bind_FarOutside_SaysWhatWouldBeRight(string plugin, string parameter, string expected) =>
        Assert.Equal([expected], Problems(plugin, parameter, new ParameterValue.Whole(99999999999)));

    // What else the schema asks for is of no interest here.
    private static List<string> Problems(string plugin, string parameter, ParameterValue value) =>
    [
        .. Schemas[plugin].Bind(ParameterMap.Empty.With(parameter, value)).Problems
            .Where(problem => !problem.IsMissing && problem.Message.Contains($"'{parameter}'", StringComparison.Ordinal))
            .Select(problem => problem.Message),
    ];
}
