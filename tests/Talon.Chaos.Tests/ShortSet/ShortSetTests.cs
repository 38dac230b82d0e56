using Talon.Chaos.Reporting;
using Talon.Chaos.Scenarios;
using Xunit.Abstractions;

namespace Talon.Chaos.Tests.ShortSet;

/// <summary>
/// The short set for every build: three real nodes, one PostgreSQL, one fault each. <c>TALON_TEST_SEED</c> sets another seed. Under 6 minutes
/// in all on two cores.
/// </summary>
public sealed class ShortSetTests(ServerFixture fixture, ITestOutputHelper output) : IClassFixture<ServerFixture>
{
    [PostgresFact]
    public Task NothingIsLostNorDoubled_OneNodeIsKilled() => RunAsync("short-kill");

    [PostgresFact]
    public Task NothingIsLostNorDoubled_AllNodesAreRestartedInTurn() => RunAsync("short-rolling");

    [PostgresFact]
    public Task NothingIsLostNorDoubled_OneNodeIsFrozen() => RunAsync("short-freeze");

    [PostgresFact]
    public Task NothingIsLostNorDoubled_PostgreSqlIsStopped() => RunAsync("short-database");

    private async Task RunAsync(string name)
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("TALON_TEST_SEED"), out int given) ? given : 1;
        var folder = Directory.CreateTempSubdirectory("talon-chaos-");
        var options = new RunnerOptions(folder.FullName, Path.Combine(AppContext.BaseDirectory, "talon.dll"));
        var runner = new ScenarioRunner(options, fixture.Server, TimeProvider.System, output.WriteLine);
        var result = await runner.RunAsync(Assert.Single(Catalog.Find(name)), seed, CancellationToken.None);
        output.WriteLine(Report.Row(result));
        output.WriteLine(Report.Details(result));

        // The folder with the logs of the nodes stays when something is wrong.
        Assert.True(result.IsGood && result.Toothless.Count == 0, $"with TALON_TEST_SEED={seed}: {Report.Trouble(result)}");
        folder.Delete(recursive: true);
    }
}
