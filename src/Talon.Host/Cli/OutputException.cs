namespace Talon.Host.Cli;

/// <summary>What a command says cannot be written. No <see cref="IOException"/>, so that nobody takes it for trouble with a file that is read.</summary>
internal sealed class OutputException(Exception cause) : Exception(cause.Message, cause);
