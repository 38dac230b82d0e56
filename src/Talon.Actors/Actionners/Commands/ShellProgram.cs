using System.Collections.Immutable;

namespace Talon.Actors.Actionners.Commands;

/// <summary>What runs in the container.</summary>
/// <param name="Input">Its standard input; null for none.</param>
internal sealed record ShellProgram(ImmutableArray<string> Arguments, ReadOnlyMemory<byte>? Input);
