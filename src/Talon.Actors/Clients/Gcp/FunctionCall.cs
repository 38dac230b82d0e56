namespace Talon.Actors.Clients.Gcp;

/// <summary>One call of a function.</summary>
/// <param name="Payload">The body, JSON in UTF-8.</param>
/// <param name="IdempotencyKey">Printable ASCII: the same for every attempt of one action.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
/// <param name="Timeout">How long the function may take to answer.</param>
internal sealed record FunctionCall(ReadOnlyMemory<byte> Payload, string IdempotencyKey, string Attempt, TimeSpan Timeout);
