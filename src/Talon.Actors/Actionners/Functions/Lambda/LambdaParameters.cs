using System.Collections.Immutable;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Functions.Lambda;

/// <summary>The parameters of <c>aws:lambda</c>.</summary>
/// <param name="Name">The name or ARN of the function.</param>
internal sealed record LambdaParameters(string Name, string AliasOrVersion, LambdaInvocation Invocation)
{
    private const string DefaultAliasOrVersion = "$LATEST";

    /// <summary>The limits of AWS.</summary>
    private const int MaxName = 170;
    private const int MaxAlias = 128;

    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "aws_lambda_name",
            Type = ParameterType.Text,
            Required = true,
            Description = "The name or ARN of the function.",
            Check = ParameterChecks.Text(text => text.Length is > 0 and <= MaxName
                && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '$')
                ? null
                : $"must be the name or ARN of a function: letters, digits, '-', '_', '.', ':' and '$', at most {MaxName}"),
        },
        new ParameterSpec
        {
            Name = "aws_lambda_alias_or_version",
            Type = ParameterType.Text,
            DefaultText = DefaultAliasOrVersion,
            Description = "The alias or version of the function to call; an empty text counts as not given.",
            Check = ParameterChecks.OrEmpty(ParameterChecks.Text(text => text == DefaultAliasOrVersion
                || (text.Length is > 0 and <= MaxAlias && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                ? null
                : $"must be {DefaultAliasOrVersion}, the name of an alias, or a version in quotes such as \"3\"")),
        },
        new ParameterSpec
        {
            Name = "aws_lambda_invocation_type",
            Type = ParameterType.Text,
            DefaultText = nameof(LambdaInvocation.RequestResponse),
            Description = "How to call it: RequestResponse waits for the answer, Event only hands it over, DryRun only asks whether it would be allowed; an empty text counts as not given.",
            Check = ParameterChecks.OrEmpty(
                SettingChecks.OneOf(nameof(LambdaInvocation.RequestResponse), nameof(LambdaInvocation.Event), nameof(LambdaInvocation.DryRun))),
        },
    ]);

    public static (LambdaParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        var invocation = map.GetText("aws_lambda_invocation_type") switch
        {
            nameof(LambdaInvocation.Event) => LambdaInvocation.Event,
            nameof(LambdaInvocation.DryRun) => LambdaInvocation.DryRun,
            _ => LambdaInvocation.RequestResponse,
        };
        var parameters = new LambdaParameters(
            map.GetText("aws_lambda_name") ?? "",
            map.GetText("aws_lambda_alias_or_version") is { Length: > 0 } called ? called : DefaultAliasOrVersion,
            invocation);
        return (parameters, problems);
    }
}
