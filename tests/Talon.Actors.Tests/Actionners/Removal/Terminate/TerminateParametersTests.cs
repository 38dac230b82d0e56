using Talon.Actors.Actionners.Removal;
using Talon.Actors.Actionners.Removal.Terminate;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Actionners.Removal.Terminate;

public sealed class TerminateParametersTests
{
    [Fact]
    public void Read_Nothing_HasTheDefaults()
    {
        var (parameters, problems) = TerminateParameters.Read(ParameterMap.Empty);

        Assert.Empty(problems);
        Assert.Equal(new TerminateParameters(null, false, false, false, null), parameters);
    }

    [Fact]
    public void Read_All_AreTaken()
    {
        var (parameters, problems) = TerminateParameters.Read(ParameterMap.From(
        [
            new("grace_period_seconds", new ParameterValue.Whole(0)),
            new("ignore_daemonsets", new ParameterValue.Flag(true)),
            new("ignore_statefulsets", new ParameterValue.Flag(true)),
            new("Ignore_Standalone_Pods", new ParameterValue.Flag(true)),
            new("min_healthy_replicas", new ParameterValue.Text("33%")),
        ]));

        Assert.Empty(problems);
        Assert.Equal(new TerminateParameters(0, true, true, true, new ReplicaThreshold.Percent(33)), parameters);
    }

    public static TheoryData<string, ParameterValue> Wrong { get; } = new()
    {
        { "grace_period_seconds", new ParameterValue.Whole(-1) },
        { "grace_period_seconds", new ParameterValue.Whole(1L << 31) },
        { "grace_period_seconds", new ParameterValue.Text("5s") },
        { "ignore_daemonsets", new ParameterValue.Text("true") },
        { "min_healthy_replicas", new ParameterValue.Whole(2) },
        { "min_healthy_replicas", new ParameterValue.Text("half") },
        { "min_healthy_replicas", new ParameterValue.Text("101%") },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Read_WrongValue_IsOneProblemThatNamesTheParameter(string name, ParameterValue value)
    {
        var (_, problems) = TerminateParameters.Read(ParameterMap.Empty.With(name, value));

        Assert.Contains(name, Assert.Single(problems).Message, StringComparison.Ordinal);
    }
}
