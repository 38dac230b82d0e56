namespace Talon.Sandbox;

/// <summary>The sandbox cannot show what it should. The message is the reason, for a person.</summary>
internal sealed class SandboxException(string message) : Exception(message);
