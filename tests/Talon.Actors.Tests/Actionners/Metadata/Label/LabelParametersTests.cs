using Talon.Actors.Actionners.Metadata;
using Talon.Actors.Actionners.Metadata.Label;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Actionners.Metadata.Label;

public sealed class LabelParametersTests
{
    [Fact]
    public void Read_LabelsAndRemovals_AreTaken()
    {
        var (parameters, problems) = LabelParameters.Read(Map(
            ("suspicious", new ParameterValue.Text("true")), ("old", new ParameterValue.Text("")), ("older", new ParameterValue.Nothing())));

        Assert.Empty(problems);
        Assert.Equal(MetadataLevel.Pod, parameters.Level);
        Assert.Equal("true", parameters.Labels["suspicious"]);
        Assert.Null(parameters.Labels["old"]);
        Assert.Null(parameters.Labels["older"]);
    }

    [Theory]
    [InlineData("pod", MetadataLevel.Pod)]
    [InlineData("node", MetadataLevel.Node)]
    internal void Read_Level_IsTaken(string level, MetadataLevel expected)
    {
        var (parameters, problems) = LabelParameters.Read(
            Map(("a", new ParameterValue.Text("b"))).With("level", new ParameterValue.Text(level)));

        Assert.Empty(problems);
        Assert.Equal(expected, parameters.Level);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Node")]
    [InlineData("cluster")]
    public void Read_OtherLevel_IsAProblem(string level)
    {
        var (_, problems) = LabelParameters.Read(Map(("a", new ParameterValue.Text("b"))).With("level", new ParameterValue.Text(level)));

        Assert.Contains("level", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoLabels_IsAProblem()
    {
        Assert.Single(LabelParameters.Read(ParameterMap.Empty).Problems);
        Assert.Single(LabelParameters.Read(Map()).Problems);
    }

    [Fact]
    public void Read_WrongKeyOrValue_IsAProblemThatNamesIt()
    {
        Assert.Contains("a b", Assert.Single(LabelParameters.Read(Map(("a b", new ParameterValue.Text("c")))).Problems).Message, StringComparison.Ordinal);
        Assert.Contains("'k'", Assert.Single(LabelParameters.Read(Map(("k", new ParameterValue.Text("c d")))).Problems).Message, StringComparison.Ordinal);
        Assert.Single(LabelParameters.Read(Map(("k", new ParameterValue.Flag(true)))).Problems);
    }

    private static ParameterMap Map(params (string Key, ParameterValue Value)[] labels) => ParameterMap.Empty.With(
        "labels", new ParameterValue.Map(ParameterMap.From(labels.Select(label => KeyValuePair.Create(label.Key, label.Value)))));
}
