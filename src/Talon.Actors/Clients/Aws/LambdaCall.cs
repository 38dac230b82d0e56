namespace Talon.Actors.Clients.Aws;

/// <summary>One call of a function.</summary>
/// <param name="Function">Its name or ARN.</param>
/// <param name="Qualifier">An alias or version.</param>
/// <param name="InvocationType"><c>RequestResponse</c>, <c>Event</c> or <c>DryRun</c>.</param>
/// <param name="Payload">JSON, UTF-8.</param>
/// <param name="ClientContext">JSON for the context object of the function, at most 2.5 KiB; null for none.</param>
internal sealed record LambdaCall(string Function, string Qualifier, string InvocationType, ReadOnlyMemory<byte> Payload, string? ClientContext);
