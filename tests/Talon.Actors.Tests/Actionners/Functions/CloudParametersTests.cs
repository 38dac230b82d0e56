using Talon.Actors.Actionners.Functions.GcpFunction;
using Talon.Actors.Actionners.Functions.Lambda;
using Talon.Actors.Tests.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Actionners.Functions;

/// <summary>The parameters of the functions of AWS and GCP.</summary>
public sealed class CloudParametersTests
{
    [Theory]
    [InlineData("aws:lambda", "{aws_lambda_name: a}")]
    [InlineData(
        "aws:lambda",
        "{aws_lambda_name: \"arn:aws:lambda:eu-west-1:123456789012:function:a_b-c\", aws_lambda_alias_or_version: \"3\", aws_lambda_invocation_type: Event}")]
    [InlineData("aws:lambda", "{aws_lambda_name: a, aws_lambda_alias_or_version: $LATEST, aws_lambda_invocation_type: DryRun}")]
    [InlineData("aws:lambda", "{aws_lambda_name: a, aws_lambda_alias_or_version: live, aws_lambda_invocation_type: RequestResponse}")]
    [InlineData("aws:lambda", "{aws_lambda_name: a, aws_lambda_alias_or_version: \"\", aws_lambda_invocation_type: \"\"}")]
    [InlineData("gcp:function", "{gcp_function_name: f}")]
    [InlineData("gcp:function", "{gcp_function_name: f, gcp_function_location: \"\"}")]
    [InlineData("gcp:function", "{gcp_function_name: f, gcp_function_location: us-central1}")]
    [InlineData("gcp:function", "{gcp_function_name: f, gcp_function_location: us-central1, gcp_function_timeout: 0}")]
    [InlineData("gcp:function", "{gcp_function_name: f, gcp_function_location: us-central1, gcp_function_timeout: 3600}")]
    public void Parameters_Right_AreTaken(string actionner, string parameters) => Assert.Empty(ParameterTrial.Problems(actionner, parameters));

    [Theory]
    [InlineData("aws:lambda", "{}", "parameter 'aws_lambda_name' is missing; it is required: The name or ARN of the function.")]
    [InlineData(
        "aws:lambda", "{aws_lambda_name: \"\"}",
        "parameter 'aws_lambda_name': must be the name or ARN of a function: letters, digits, '-', '_', '.', ':' and '$', at most 170")]
    [InlineData(
        "aws:lambda", "{aws_lambda_name: a/b}",
        "parameter 'aws_lambda_name': must be the name or ARN of a function: letters, digits, '-', '_', '.', ':' and '$', at most 170")]
    [InlineData(
        "aws:lambda", "{aws_lambda_name: a, aws_lambda_alias_or_version: $OLDEST}",
        "parameter 'aws_lambda_alias_or_version': must be $LATEST, the name of an alias, or a version in quotes such as \"3\"")]
    [InlineData("aws:lambda", "{aws_lambda_name: a, aws_lambda_alias_or_version: 3}", "put it in quotes: \"3\"")]
    [InlineData(
        "aws:lambda", "{aws_lambda_name: a, aws_lambda_invocation_type: event}",
        "parameter 'aws_lambda_invocation_type': must be RequestResponse, Event or DryRun")]
    [InlineData(
        "gcp:function", "{gcp_function_location: us-central1}",
        "parameter 'gcp_function_name' is missing; it is required: The name of the function.")]
    [InlineData(
        "gcp:function", "{gcp_function_name: ../f, gcp_function_location: us-central1}",
        "parameter 'gcp_function_name': must be the name of a function: letters, digits, '-' and '_', a letter first, at most 63")]
    [InlineData(
        "gcp:function", "{gcp_function_name: \"\", gcp_function_location: us-central1}",
        "parameter 'gcp_function_name': must be the name of a function: letters, digits, '-' and '_', a letter first, at most 63")]
    [InlineData(
        "gcp:function", "{gcp_function_name: f, gcp_function_location: US}",
        "parameter 'gcp_function_location': must be the name of a region such as us-central1")]
    [InlineData(
        "gcp:function", "{gcp_function_name: f, gcp_function_location: a/b}",
        "parameter 'gcp_function_location': must be the name of a region such as us-central1")]
    [InlineData(
        "gcp:function", "{gcp_function_name: f, gcp_function_location: us-central1, gcp_function_timeout: -1}",
        "parameter 'gcp_function_timeout': must be from 0 to 3600 seconds")]
    [InlineData(
        "gcp:function", "{gcp_function_name: f, gcp_function_location: us-central1, gcp_function_timeout: 3601}",
        "parameter 'gcp_function_timeout': must be from 0 to 3600 seconds")]
    [InlineData(
        "gcp:function", "{gcp_function_name: f, gcp_function_location: us-central1, gcp_function_timeout: 10s}",
        "write the digits without quotes and unit")]
    public void Parameters_Wrong_AreRefusedWithAMessage(string actionner, string parameters, string message) =>
        Assert.EndsWith(message, Assert.Single(ParameterTrial.Problems(actionner, parameters)), StringComparison.Ordinal);

    [Fact]
    public void Lambda_OnlyTheName_HasTheDocumentedDefaults() => Assert.Equal(
        new LambdaParameters("a", "$LATEST", LambdaInvocation.RequestResponse), LambdaParameters.Read(Text("aws_lambda_name", "a")).Parameters);

    [Fact]
    public void Lambda_EmptyTexts_CountAsNotGiven()
    {
        var written = Text("aws_lambda_name", "a").With("aws_lambda_invocation_type", new ParameterValue.Text(""))
            .With("aws_lambda_alias_or_version", new ParameterValue.Text(""));

        Assert.Equal(new LambdaParameters("a", "$LATEST", LambdaInvocation.RequestResponse), LambdaParameters.Read(written).Parameters);
    }

    [Theory]
    [InlineData("RequestResponse", LambdaInvocation.RequestResponse)]
    [InlineData("Event", LambdaInvocation.Event)]
    [InlineData("DryRun", LambdaInvocation.DryRun)]
    internal void Lambda_Invocation_IsTaken(string text, LambdaInvocation expected)
    {
        var written = Text("aws_lambda_name", "a").With("aws_lambda_invocation_type", new ParameterValue.Text(text))
            .With("aws_lambda_alias_or_version", new ParameterValue.Text("live"));

        Assert.Equal(new LambdaParameters("a", "live", expected), LambdaParameters.Read(written).Parameters);
    }

    [Theory]
    [InlineData(null, 30)]
    [InlineData(0, 30)]
    [InlineData(10, 10)]
    public void Function_Timeout_IsInSeconds(int? seconds, int expected)
    {
        var written = Text("gcp_function_name", "f").With("gcp_function_location", new ParameterValue.Text("us-central1"));
        if (seconds is { } given)
        {
            written = written.With("gcp_function_timeout", new ParameterValue.Whole(given));
        }

        Assert.Equal(new FunctionParameters("f", "us-central1", TimeSpan.FromSeconds(expected)), FunctionParameters.Read(written).Parameters);
    }

    private static ParameterMap Text(string name, string value) => ParameterMap.Empty.With(name, new ParameterValue.Text(value));
}
