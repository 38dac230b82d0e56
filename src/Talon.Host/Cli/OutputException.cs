namespace Talon.Host.Cli;

/// <summary>
/// The output of a command cannot be written. Not an <see cref="IOException"/>, so that it is not mistaken for a failure to read a file.
/// </summary>
internal sealed class OutputException(Exception cause) : Exception(cause.Message, cause);
