using System.Collections.Immutable;
using System.Text;
using Talon.Actors.Plugins;
using Talon.Rules.Text;

namespace Talon.Actors.Notifiers.Smtp;

/// <summary>What a mail says, as plain texts of a bounded length. What is empty is left out.</summary>
internal static class MailText
{
    private const int LongestName = 100;
    private const int LongestValue = 4000;
    private const int MostObjects = 50;
    private const string Continuation = "\n    ";

    /// <summary>The subject: one line without control characters, whatever the record holds.</summary>
    public static string Subject(Notification record)
    {
        var subject = new StringBuilder($"[falco-talon][{record.Status}][{record.Kind}]");
        subject.Append(record.DryRun ? "[dry run]" : "");
        Add("OutputTarget", RecordJson.OutputTarget(record));
        Add("Action", record.Action);
        Add("Rule", record.Rule);

        // Without rule and action nothing else says what it is about.
        return record.IsOfTalon ? $"{subject} {OneLine.Cut(OneLine.From(record.Text), LongestName)}" : subject.ToString();

        void Add(string label, string value)
        {
            string line = OneLine.Cut(OneLine.From(value), LongestName);
            subject.Append(line.Length > 0 ? $" {label} '{line}'" : "");
        }
    }

    /// <summary>The text body. Each line after the first of a value is indented, so that no value can look like another label.</summary>
    public static string Body(Notification record)
    {
        ImmutableArray<(string, string)> lines =
        [
            ("Status", record.Status),
            ("Failure", record.FailureKind ?? ""),
            ("Dry run", record.DryRun ? "yes" : ""),
            ("Action", record.Action),
            ("Actionner", record.Actionner),
            ("Rule", record.Rule),
            ("Falco rule", record.FalcoRule),
            ("Priority", record.Priority),
            ("Event", record.Event),
            ("Message", record.Kind),
            .. Objects(record),
            .. Outcome(record),
            ("OutputTarget", RecordJson.OutputTarget(record)),
            ("Trace ID", record.TraceId),
        ];
        var body = new StringBuilder();
        foreach (var (label, value) in Filled(lines))
        {
            string before = label == "Output" ? ":" + Continuation : ": ";
            body.Append(label).Append(before).Append(value.Replace("\n", Continuation, StringComparison.Ordinal)).Append('\n');
        }

        return body.ToString();
    }

    /// <summary>The rows of the table in the HTML part: label and text, which is not escaped.</summary>
    public static IEnumerable<(string Label, string Value)> Rows(Notification record) => Filled(
    [
        ("Failure", record.FailureKind ?? ""),
        ("Dry run", record.DryRun ? "yes" : ""),
        ("Action", record.Action),
        ("Actionner", record.Actionner),
        ("Rule", record.Rule),
        ("Falco rule", record.FalcoRule),
        ("Priority", record.Priority),
        .. Objects(record),
        ("Event", record.Event),
        ("Target", RecordJson.OutputTarget(record)),
        ("Message", record.Kind),
        ("Trace ID", record.TraceId),
        .. Outcome(record),
    ]);

    private static IEnumerable<(string Label, string Value)> Outcome(Notification record)
    {
        string key = RecordJson.TextKey(record);
        return [("Error", key == "error" ? record.Text : ""), ("Result", key == "result" ? record.Text : ""), ("Output", key == "output" ? record.Text : "")];
    }

    private static IEnumerable<(string Label, string Value)> Objects(Notification record)
    {
        var shown = record.Objects.Take(MostObjects).Select(item => (OneLine.Cut(OneLine.From(RecordJson.Title(item.Key)), LongestName), item.Value));
        return record.Objects.Count > MostObjects ? shown.Append(("Objects", $"[cut: {record.Objects.Count} in all]")) : shown;
    }

    private static IEnumerable<(string Label, string Value)> Filled(ImmutableArray<(string Label, string Value)> lines) =>
        lines.Where(line => line.Value.Length > 0).Select(line => (line.Label, Shown(line.Value)));

    // Line breaks are \n. Other control characters, and those that turn the direction of what follows, would hide something.
    private static string Shown(string value)
    {
        string cut = value.Length > LongestValue ? $"{OneLine.Cut(value, LongestValue)} [cut: {value.Length} characters in all]" : value;
        return string.Concat(cut.ReplaceLineEndings("\n").TrimEnd('\n').Select(c => c is '\n' or '\t' || !(char.IsControl(c) || IsTurn(c)) ? c : '\uFFFD'));
    }

    private static bool IsTurn(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
