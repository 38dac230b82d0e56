using Talon.Rules.Outcomes;

namespace Talon.Actors.Pipeline.Sinks;

/// <summary>What people are told of an outcome.</summary>
internal static class OutcomeText
{
    /// <summary>Its sentence, and behind it the texts that the action wants shown. Other captured texts stay in the journal: they may hold secrets.</summary>
    public static string Of(ActionOutcome outcome)
    {
        string sentence = outcome switch
        {
            ActionOutcome.Succeeded success => success.Output,
            ActionOutcome.Ignored ignored => ignored.Reason,
            ActionOutcome.Failed failed => failed.Reason,
            var other => throw new InvalidOperationException($"no such outcome: {other}"),
        };
        return string.Join('\n', outcome.Captured
            .Where(captured => captured.Inline && captured.Text.Length > 0)
            .Select(captured => $"{captured.Name}:\n{captured.Text}")
            .Prepend(sentence));
    }

    /// <summary>One lower-case word for a kind of failure, as in <c>connection_lost</c>: what a person greps for.</summary>
    public static string Word(FailureKind kind) => string.Concat(
        kind.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
