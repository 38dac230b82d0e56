using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Talon.Benchmarks.Micro;

/// <summary><c>micro</c>: the benchmarks that need no server.</summary>
internal static class MicroRun
{
    private const string Quick = "--quick";

    public static int Run(string[] args)
    {
        // In this process: the program that BenchmarkDotNet would build has no place among our central package versions.
        var job = (args.Contains(Quick, StringComparer.Ordinal) ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
        var config = DefaultConfig.Instance
            .AddJob(job)
            .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "BenchmarkDotNet.Artifacts"));
        string[] rest = [.. args.Where(arg => arg != Quick)];
        string[] all = rest.Contains("--filter", StringComparer.Ordinal) ? rest : [.. rest, "--filter", "*"];
        var summaries = BenchmarkSwitcher.FromTypes([typeof(EventBenchmarks), typeof(MatchBenchmarks), typeof(ConditionBenchmarks)]).Run(all, config).ToList();
        return summaries.Count > 0 && summaries.TrueForAll(s => s.Reports.Length > 0 && s.Reports.All(report => report.Success)) ? 0 : 1;
    }
}
