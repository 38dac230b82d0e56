using System.Collections.Immutable;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Pipeline.Notifying;

/// <summary>Notifications for tests.</summary>
internal static class Notifications
{
    /// <summary>One of this moment, which is not too old to be tried.</summary>
    public static Notification Now(int number = 1, TimeProvider? clock = null) => Of(number) with { At = (clock ?? TimeProvider.System).GetUtcNow() };

    public static Notification Of(int number = 1, string status = "success", TargetRef? target = null, params (string Name, string Value)[] objects) => new()
    {
        Id = $"0123456789abcdef-{number}/0/action",
        At = new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero),
        Rule = "Shell",
        Action = "Terminate Pod",
        Actionner = "kubernetes:terminate",
        Event = "A shell was spawned",
        FalcoRule = "Terminal shell in container",
        Priority = "Notice",
        Status = status,
        FailureKind = status == "failure" ? "forbidden" : null,
        Text = "the pod was terminated",
        DryRun = false,
        Objects = objects.ToImmutableSortedDictionary(item => item.Name, item => item.Value, StringComparer.Ordinal),
        Target = target,
        Artifact = null,
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        EventKey = $"0123456789abcdef0123456789abcdef-{number}",
        Position = 0,
    };
}
