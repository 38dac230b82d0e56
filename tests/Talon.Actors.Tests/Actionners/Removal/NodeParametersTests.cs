using Talon.Actors.Actionners.Removal;
using Talon.Actors.Actionners.Removal.Drain;
using Talon.Actors.Tests.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Actionners.Removal;

/// <summary>The parameters of drain, and of cordon and delete, which have none.</summary>
public sealed class NodeParametersTests
{
    [Theory]
    [InlineData("kubernetes:delete", "{}")]
    [InlineData("kubernetes:cordon", "{}")]
    [InlineData("kubernetes:drain", "{}")]
    [InlineData(
        "kubernetes:drain",
        "{cordon: false, ignore_daemonsets: true, ignore_statefulsets: true, min_healthy_replicas: 50%, ignore_errors: true, max_wait_period: 3600, wait_period_excluded_namespaces: [a, b-c]}")]
    [InlineData("kubernetes:drain", "{max_wait_period: 0, min_healthy_replicas: \"2\"}")]
    public void Parameters_Right_AreTaken(string actionner, string parameters) => Assert.Empty(ParameterTrial.Problems(actionner, parameters));

    [Theory]
    [InlineData("kubernetes:delete", "{force: true}", "unknown parameter 'force' of kubernetes:delete; there are no parameters here")]
    [InlineData("kubernetes:cordon", "{force: true}", "unknown parameter 'force' of kubernetes:cordon; there are no parameters here")]
    [InlineData("kubernetes:drain", "{ignore_error: true}", "unknown parameter 'ignore_error' of kubernetes:drain; did you mean 'ignore_errors'?")]
    [InlineData("kubernetes:drain", "{max_wait_period: -1}", "parameter 'max_wait_period': must be from 0 to 3600 seconds")]
    [InlineData("kubernetes:drain", "{max_wait_period: 3601}", "parameter 'max_wait_period': must be from 0 to 3600 seconds")]
    [InlineData(
        "kubernetes:drain", "{min_healthy_replicas: 101%}",
        "parameter 'min_healthy_replicas': must be a number from 0 to 2147483647 in quotes such as \"2\", or a percentage from 0% to 100% such as 33%")]
    [InlineData("kubernetes:drain", "{min_healthy_replicas: 2}", "put it in quotes: \"2\"")]
    [InlineData(
        "kubernetes:drain", "{wait_period_excluded_namespaces: [a, B]}",
        "parameter 'wait_period_excluded_namespaces': item 2: 'B' is not the name of a namespace: lower-case letters, digits and '-', at most 63, with a letter or digit at both ends")]
    [InlineData("kubernetes:drain", "{wait_period_excluded_namespaces: a}", "write a list, one '- item' a line or [item, item]")]
    public void Parameters_Wrong_AreRefusedWithAMessage(string actionner, string parameters, string message) =>
        Assert.EndsWith(message, Assert.Single(ParameterTrial.Problems(actionner, parameters)), StringComparison.Ordinal);

    [Fact]
    public void Drain_Nothing_HasTheDocumentedDefaults()
    {
        var (parameters, problems) = DrainParameters.Read(ParameterMap.Empty);

        Assert.Empty(problems);
        Assert.Equal(new DrainParameters(true, true, false, null, false, null, parameters.WaitPeriodExcludedNamespaces), parameters);
        Assert.Empty(parameters.WaitPeriodExcludedNamespaces);
    }

    [Fact]
    public void Drain_EverythingGiven_IsTaken()
    {
        var flag = new ParameterValue.Flag(true);
        var (parameters, problems) = DrainParameters.Read(ParameterMap.Empty
            .With("cordon", new ParameterValue.Flag(false))
            .With("ignore_daemonsets", flag)
            .With("ignore_statefulsets", flag)
            .With("ignore_errors", flag)
            .With("min_healthy_replicas", new ParameterValue.Text("50%"))
            .With("max_wait_period", new ParameterValue.Whole(90))
            .With("wait_period_excluded_namespaces", new ParameterValue.List([new ParameterValue.Text("a"), new ParameterValue.Text("b")])));

        Assert.Empty(problems);
        Assert.Equal(
            new DrainParameters(
                false, true, true, new ReplicaThreshold.Percent(50), true, TimeSpan.FromSeconds(90), parameters.WaitPeriodExcludedNamespaces),
            parameters);
        Assert.Equal(["a", "b"], parameters.WaitPeriodExcludedNamespaces.Select(name => name.Value));
    }
}
