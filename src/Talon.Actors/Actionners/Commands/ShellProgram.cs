using System.Collections.Immutable;

namespace Talon.Actors.Actionners.Commands;

/// <summary>What runs in the container.</summary>
/// <param name="Arguments">The program and its arguments.</param>
/// <param name="Input">What it reads; null for nothing.</param>
internal sealed record ShellProgram(ImmutableArray<string> Arguments, ReadOnlyMemory<byte>? Input);
