using System.Diagnostics;
using Talon.Chaos.Processes;

namespace Talon.Chaos.Tests.Processes;

public sealed class ProcessGuardTests
{
    [Fact]
    public void StartOf_ALivingProcess_IsTheSameEachTime()
    {
        string? start = ProcessGuard.StartOf(Environment.ProcessId);

        Assert.NotNull(start);
        Assert.Equal(start, ProcessGuard.StartOf(Environment.ProcessId));
        Assert.True(long.Parse(start) > 0);
    }

    [Fact]
    public async Task StartOf_AProcessThatHasEnded_IsNull()
    {
        using var process = Process.Start("/bin/true");
        await process.WaitForExitAsync();

        Assert.Null(ProcessGuard.StartOf(process.Id));
    }
}
