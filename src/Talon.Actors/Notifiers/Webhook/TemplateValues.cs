using System.Collections.Immutable;
using Fluid;
using Fluid.Values;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.Webhook;

/// <summary>The names that a template may use: the keys of the record as JSON. One that a record does not have is empty.</summary>
internal static class TemplateValues
{
    private const string Objects = "objects";

    private static readonly ImmutableArray<(string Name, Func<Notification, string> Value)> Texts =
    [
        ("id", record => record.Id),
        ("time", RecordJson.Time),
        ("trace_id", record => record.TraceId),
        ("rule", record => record.Rule),
        ("event", record => record.Event),
        ("message", record => record.Kind),
        ("priority", record => record.Priority),
        ("result", record => TextUnder("result", record)),
        ("output", record => TextUnder("output", record)),
        ("error", record => TextUnder("error", record)),
        ("output_target", RecordJson.OutputTarget),
        ("actionner", record => record.Actionner),
        ("action", record => record.Action),
        ("status", record => record.Status),
        ("event_key", record => record.EventKey),
        ("falco_rule", record => record.FalcoRule),
        ("failure_kind", record => record.FailureKind ?? ""),
    ];

    /// <summary>The names; <c>objects</c> has others below it, such as <c>objects.Pod</c>.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Texts.Select(text => text.Name), "position", "dry_run", Objects];

    /// <summary>Whether a name has others below it.</summary>
    public static bool HasMembers(string name) => name == Objects;

    public static void Set(TemplateContext context, Notification record, TemplateOptions options)
    {
        foreach (var (name, value) in Texts)
        {
            context.SetValue(name, new StringValue(value(record)));
        }

        context.SetValue("position", NumberValue.Create(record.Position));
        context.SetValue("dry_run", BooleanValue.Create(record.DryRun));
        context.SetValue(Objects, FluidValue.Create(record.Objects.ToDictionary(each => RecordJson.Title(each.Key), each => each.Value, StringComparer.OrdinalIgnoreCase), options));
    }

    private static string TextUnder(string key, Notification record) => RecordJson.TextKey(record) == key ? record.Text : "";
}
