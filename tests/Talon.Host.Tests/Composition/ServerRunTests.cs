using Talon.Actors.Telemetry;
using Talon.Host.Composition;

namespace Talon.Host.Tests.Composition;

public sealed class ServerRunTests
{
    [Theory]
    [InlineData(null, 3, "cluster", "no longer part of its cluster")]
    [InlineData("the table 'journal' has no unique index", 1, "journal", "the table 'journal' has no unique index")]
    public void EndedByItself_TakenOutOrRefusedLate_HasItsOwnExitCode(string? refusal, int exitCode, string message, string error)
    {
        var end = ServerRun.EndedByItself(refusal);

        Assert.Equal((exitCode, message), (end.ExitCode, end.Line.Message));
        Assert.Equal(LogLineLevel.Fatal, end.Line.Level);
        Assert.Contains(error, end.Line.Error, StringComparison.Ordinal);
    }
}
