using System.Collections.Immutable;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.Webhook;

/// <summary>Records that a template is tried on before it is used: one with everything, its texts hostile, and one of Talon itself, mostly empty.</summary>
internal static class TemplateSamples
{
    private const string Hostile = "a \"text\" with \\ and\nlines, <b> & 'more'";

    public static ImmutableArray<Notification> All { get; } = [Full("failure"), Full("success"), Full("ignored") with { DryRun = true }, OfTalon()];

    private static Notification Full(string status) => new()
    {
        Id = "0123456789abcdef0123456789abcdef-1/0/action",
        At = DateTimeOffset.UnixEpoch,
        Rule = Hostile,
        Action = Hostile,
        Actionner = "kubernetes:terminate",
        Event = Hostile,
        FalcoRule = Hostile,
        Priority = "Notice",
        Status = status,
        FailureKind = status == "failure" ? "forbidden" : null,
        Text = Hostile,
        DryRun = false,
        Objects = Objects(("namespace", "shop"), ("pod", Hostile)),
        Target = null,
        Artifact = null,
        TraceId = "0123456789abcdef0123456789abcdef",
        EventKey = "0123456789abcdef0123456789abcdef-1",
        Position = 0,
    };

    private static Notification OfTalon() => Full("failure") with
    {
        Id = "talon/node/rules/0",
        Kind = "talon",
        Rule = "",
        Action = "rules",
        Actionner = "",
        Event = "",
        FalcoRule = "",
        Priority = "",
        FailureKind = null,
        Objects = Objects(("node", "node")),
        TraceId = "",
        EventKey = "",
    };

    private static ImmutableSortedDictionary<string, string> Objects(params (string Name, string Value)[] objects) =>
        objects.ToImmutableSortedDictionary(each => each.Name, each => each.Value, StringComparer.Ordinal);
}
