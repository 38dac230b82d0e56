using System.Collections.Immutable;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Functions.GcpFunction;

/// <summary>The parameters of <c>gcp:function</c>.</summary>
/// <param name="Location">The region; empty for that of the configuration.</param>
/// <param name="Timeout">How long it may take to answer.</param>
internal sealed record FunctionParameters(string Name, string Location, TimeSpan Timeout)
{
    private const int MaxName = 63;
    private const int DefaultSeconds = 30;

    /// <summary>The longest request timeout that GCP allows a function.</summary>
    private const int MostSeconds = 3600;

    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "gcp_function_name",
            Type = ParameterType.Text,
            Required = true,
            Description = "The name of the function.",
            Check = ParameterChecks.Text(text => IsName(text, c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                ? null
                : $"must be the name of a function: letters, digits, '-' and '_', a letter first, at most {MaxName}"),
        },
        new ParameterSpec
        {
            Name = "gcp_function_location",
            Type = ParameterType.Text,
            DefaultText = "the region of the configuration",
            Description = "The region the function is in, for instance us-central1; an empty text counts as not given. Without it and without gcp.region the action fails.",
            Check = ParameterChecks.OrEmpty(ParameterChecks.Text(text => IsName(text, c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-')
                ? null
                : "must be the name of a region such as us-central1")),
        },
        new ParameterSpec
        {
            Name = "gcp_function_timeout",
            Type = ParameterType.Whole,
            DefaultText = "30",
            Description = "How many seconds the function may take to answer; 0 counts as not given.",
            Range = new WholeRange(0, MostSeconds, "seconds"),
        },
    ]);

    public static (FunctionParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        long seconds = map.GetWhole("gcp_function_timeout") is { } given and > 0 ? given : DefaultSeconds;
        return (
            new FunctionParameters(map.GetText("gcp_function_name") ?? "", map.GetText("gcp_function_location") ?? "", TimeSpan.FromSeconds(seconds)), problems);
    }

    // Both become parts of a URL.
    private static bool IsName(string text, Func<char, bool> isOfIt) => text.Length is > 0 and <= MaxName && char.IsAsciiLetter(text[0]) && text.All(isOfIt);
}
