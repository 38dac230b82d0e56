using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Talon.FaultHost;

/// <summary>
/// Where the process ends: <c>before-commit:KIND</c>, <c>after-commit:KIND</c> (KIND is the name of a fact),
/// <c>before-call:METHOD</c> or <c>after-call:METHOD</c> (an HTTP method towards the Kubernetes API), each with an optional
/// <c>@text</c> that must stand in the path of the call, and an optional <c>#n</c> for the nth occurrence.
/// </summary>
/// <param name="Before">Whether it ends before the step; otherwise right after it.</param>
/// <param name="IsCall">Whether the step is an API call; otherwise the commit of a fact.</param>
/// <param name="Subject">The kind of fact or the HTTP method.</param>
/// <param name="Text">What the path of the call contains; empty for any call.</param>
/// <param name="Occurrence">From 1.</param>
internal sealed record FaultPoint(bool Before, bool IsCall, string Subject, string Text, int Occurrence)
{
    /// <summary>The environment variable that names the point.</summary>
    public const string Variable = "TALON_FAULT";

    private static readonly string[] Facts = ["Accepted", "Started", "Finished", "RetryScheduled", "Resumed"];
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>Reads the variable. Without it there is no fault point, and the host runs as the shipped one.</summary>
    public static bool TryParse(string? value, out FaultPoint? point, [NotNullWhen(false)] out string? problem)
    {
        point = null;
        problem = null;
        if (string.IsNullOrEmpty(value))
        {
            return true;
        }

        var match = Regex.Match(
            value,
            "^(?<when>before|after)-(?<what>commit|call):(?<subject>[A-Za-z]+)(@(?<text>[a-z0-9-]{1,63}))?(#(?<n>[1-9][0-9]{0,5}))?$",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1));
        bool isCall = match.Groups["what"].Value == "call";
        if (!match.Success
            || !(isCall ? Methods : Facts).Contains(match.Groups["subject"].Value, StringComparer.Ordinal)
            || (!isCall && match.Groups["text"].Success))
        {
            problem = $"{Variable} names no fault point: '{value}'; it is before-commit:KIND or after-commit:KIND with one of {string.Join(", ", Facts)}, "
                + $"or before-call:METHOD or after-call:METHOD with one of {string.Join(", ", Methods)} and perhaps @text; #n at the end for the nth occurrence";
            return false;
        }

        point = new FaultPoint(
            match.Groups["when"].Value == "before",
            isCall,
            match.Groups["subject"].Value,
            match.Groups["text"].Value,
            match.Groups["n"].Success ? int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture) : 1);
        return true;
    }
}
