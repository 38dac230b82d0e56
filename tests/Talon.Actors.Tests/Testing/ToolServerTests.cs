using System.Net.NetworkInformation;
using Talon.Testing.Tools;

namespace Talon.Actors.Tests.Testing;

/// <summary>The servers that stand for clouds: each starts, keeps to the loopback address, and is gone after its end.</summary>
[Trait("Speed", "Slow")]
public sealed class ToolServerTests
{
    [ToolFact(TestTool.Fauxqs)]
    public Task Fauxqs_Started_ListensOnLoopbackOnlyAndEnds() => CheckAsync(ToolServer.StartFauxqsAsync);

    [ToolFact(TestTool.Moto)]
    public Task Moto_Started_ListensOnLoopbackOnlyAndEnds() => CheckAsync(() => ToolServer.StartMotoAsync());

    [ToolFact(TestTool.FunctionsFramework)]
    public async Task FunctionsFramework_Started_ListensOnLoopbackOnlyAndEnds()
    {
        using var folder = new TempFolder();
        string source = folder.Write("index.cjs", "exports.hello = (request, response) => response.send('hello');");
        await CheckAsync(() => ToolServer.StartFunctionAsync(source, "hello"));
    }

    private static async Task CheckAsync(Func<Task<ToolServer>> start)
    {
        int pid;
        await using (var server = await start())
        {
            pid = server.Pid;
            Assert.Equal(
                ["127.0.0.1"],
                IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(at => at.Port == server.Port).Select(at => at.Address.ToString()));
            Assert.True(Directory.Exists($"/proc/{pid}"));
        }

        Assert.False(Directory.Exists($"/proc/{pid}"));
    }
}
