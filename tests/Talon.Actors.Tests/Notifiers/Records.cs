using System.Collections.Immutable;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Pipeline.Notifying;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Notifiers;

/// <summary>Records of each kind, as the pipeline makes them; their texts are what an attacker may write.</summary>
internal static class Records
{
    private const string Hostile = "a \"shell\" </script><!channel> & `id` {{.}} \\ é 語 😀\nsecond line";

    public static Notification Success { get; } = Notifications.Of(1, objects: [("namespace", "shop"), ("pod", "cart-0"), ("config map", "x")]);

    public static Notification Failure { get; } = Notifications.Of(2, "failure", objects: [("pod", "cart-1")]) with { Event = Hostile, Text = Hostile, Position = 1 };

    public static Notification Ignored { get; } = Notifications.Of(3, "ignored") with { Text = "the pod is gone", DryRun = true };

    public static Notification Check { get; } = Notifications.Of(4, "failure") with { Kind = "check", Id = "0123456789abcdef-4/0/check" };

    public static Notification Output { get; } = Notifications.Of(5, objects: [("bucket", "b"), ("key", "k")]) with
    {
        Kind = "output",
        Id = "0123456789abcdef-5/0/output",
        Text = "the file was stored",
        Artifact = new ArtifactReport("aws:s3", true, "the file was stored", ImmutableSortedDictionary<string, string>.Empty),
    };

    public static Notification OfTalon { get; } = Notifications.Of(6, "failure", objects: [("node", "n1")]) with
    {
        Kind = "talon",
        Id = "talon/n1/rules/1764064800000",
        Rule = "",
        Action = "",
        Actionner = "",
        Event = "",
        FalcoRule = "",
        Priority = "",
        TraceId = "",
        EventKey = "",
        FailureKind = null,
        Text = "rules: rules.yaml:3: unknown key",
    };

    public static ImmutableArray<Notification> All { get; } = [Success, Failure, Ignored, Check, Output, OfTalon];
}
