using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Gcp;

/// <summary>What a function answered, with a status of 200 to 299.</summary>
/// <param name="Body">Its text, the beginning of it; null when it is empty.</param>
internal sealed record FunctionAnswer(int Status, CapturedText? Body);
