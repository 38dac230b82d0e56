namespace Talon.Actors.Plugins;

/// <summary>Which action made an artifact.</summary>
/// <param name="Actionner">The full name of the actionner.</param>
/// <param name="EventKey">The identity of the accepted event, <c>EventId-sequence</c>.</param>
/// <param name="Position">The place of the action in the plan, from 0.</param>
/// <param name="Attempt">The number of the attempt of the action, from 1.</param>
/// <param name="TraceId">The trace id of the event, 32 hex digits.</param>
public sealed record ArtifactOrigin(string Rule, string Action, string Actionner, string EventKey, int Position, int Attempt, string TraceId);
