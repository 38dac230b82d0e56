using Microsoft.Extensions.DependencyInjection;
using Talon.Host.Hosting;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Hosting;

public sealed class RuleBookTests
{
    [Fact]
    public async Task Swap_AnotherSet_DecidesAboutTheNextEventAndTheMetric()
    {
        await using var server = await TestServer.StartAsync();
        var book = (RuleBook)server.Services.GetRequiredService<IRuleBook>();
        await server.PostAsync(TestEvents.Other);
        Assert.Empty(server.Intake.Taken);

        book.Swap(TestRules.Load(TestRules.Shell + "\n\n- rule: All\n  match:\n    source: syscall\n  actions:\n    - action: Terminate Pod\n"));
        await server.PostAsync(TestEvents.Other);

        Assert.Equal(book.Current.Hash, Assert.Single(server.Intake.Taken).Plan.RuleSetHash);
        await server.AssertMetricAsync("talon_rules_loaded", 2);
    }
}
