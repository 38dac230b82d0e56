using System.Collections.Immutable;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Plugins;

/// <summary>
/// Something that people are told: how an action ended, where its artifact went, or how Talon itself is doing. Texts may come from an
/// attacker: each notifier escapes them its own way.
/// </summary>
public sealed record Notification
{
    /// <summary>
    /// The identity of the record, the same however often it is sent: <c>EventKey/Position/Kind</c>, or <c>talon/…</c> for what Talon says of itself.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>
    /// What it tells of: <c>action</c>; <c>check</c> when the action ended before anything was written; <c>output</c> for its artifact; <c>talon</c> for
    /// Talon itself. The original calls it the message.
    /// </summary>
    public string Kind { get; init; } = "action";

    /// <summary>Whether it is about Talon itself, and so about no rule, action and event.</summary>
    public bool IsOfTalon => Kind == "talon";

    /// <summary>When the outcome was journalled.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The Talon rule.</summary>
    public required string Rule { get; init; }

    /// <summary>The action.</summary>
    public required string Action { get; init; }

    /// <summary>The full name of the actionner.</summary>
    public required string Actionner { get; init; }

    /// <summary>The output of the Falco event.</summary>
    public required string Event { get; init; }

    /// <summary>The name of the Falco rule.</summary>
    public required string FalcoRule { get; init; }

    /// <summary>The priority of the Falco event, as it came.</summary>
    public required string Priority { get; init; }

    /// <summary><c>success</c>, <c>ignored</c> or <c>failure</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The kind of the failure as one lower-case word such as <c>interrupted</c>, <c>expired</c> or <c>parked</c>; null when it did not fail.</summary>
    public required string? FailureKind { get; init; }

    /// <summary>What was done, why nothing was done, or what went wrong; one sentence, with inline texts behind it.</summary>
    public required string Text { get; init; }

    /// <summary>Whether it was a dry run.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The objects concerned, by kind in lower case.</summary>
    public required ImmutableSortedDictionary<string, string> Objects { get; init; }

    /// <summary>The object the action wrote to, as journalled; null when it did not get that far or there was no single one.</summary>
    public required TargetRef? Target { get; init; }

    /// <summary>What became of the artifact; null when there was none.</summary>
    public required ArtifactReport? Artifact { get; init; }

    /// <summary>The trace id of the event, 32 hex digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>The identity of the accepted event, <c>EventId-sequence</c>.</summary>
    public required string EventKey { get; init; }

    /// <summary>The place of the action in the plan, from 0. <c>EventKey/Position</c> is the same for every delivery of this notification.</summary>
    public required int Position { get; init; }
}
