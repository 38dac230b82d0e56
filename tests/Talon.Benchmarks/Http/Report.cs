using System.Globalization;
using System.Runtime.InteropServices;

namespace Talon.Benchmarks.Http;

/// <summary>Puts figures into words and a table.</summary>
internal static class Report
{
    private const string CpuInfo = "/proc/cpuinfo";

    /// <summary>What machine the figures are of.</summary>
    /// <param name="now">The date.</param>
    /// <param name="folder">Where the journals lie: a file system in memory would make every commit free.</param>
    public static string Machine(DateTimeOffset now, string folder)
    {
        var syncs = DiskProbe.Run(folder);
        return $"""
            {now.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC, {Environment.ProcessorCount} processors ({Processor()}), {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}
            journals in {folder} ({FileSystem(folder)}): a 4 KiB write with fsync takes p50 {Milliseconds(syncs.Percentile(0.5))} ms, p99 {Milliseconds(syncs.Percentile(0.99))} ms
            Load generator, server and Kubernetes stand-in share this machine: the server could do more if it had it to itself.
            """;
    }

    /// <summary>The table, as Markdown.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<(Scenario Scenario, Row Row)> rows)
    {
        double? empty = rows.FirstOrDefault(pair => pair.Scenario.Letter == Scenario.Baseline).Row?.Load?.AcceptedPerSecond;
        yield return "| row | what | connections | 200s/s | ratio | p50 ms | p99 ms | max ms | answers | server CPU s | load CPU s | peak RSS MB |";
        yield return "|---|---|---|---|---|---|---|---|---|---|---|---|";
        foreach (var (scenario, row) in rows)
        {
            yield return $"| {scenario.Letter} | {scenario.What} | {string.Join(" | ", Cells(row, empty))} |";
        }
    }

    /// <summary>Bytes as whole megabytes; a dash where the system does not tell.</summary>
    public static string Megabytes(long bytes) => bytes > 0 ? $"{bytes / 1e6:0}" : "-";

    private static IEnumerable<string> Cells(Row row, double? empty)
    {
        if (row.Load is not { } load)
        {
            return [.. Enumerable.Repeat("-", 9), Megabytes(row.PeakResident)];
        }

        string ratio = empty is > 0 && row.IsClosedLoop ? $"{load.AcceptedPerSecond / empty.Value:0.000}" : "-";
        string answers = string.Join(", ", load.Statuses.Select(pair => $"{pair.Value} x {pair.Key}").Append($"{load.Errors} errors"));
        return
        [
            $"{row.Connections}", $"{load.AcceptedPerSecond:0}", ratio,
            Milliseconds(load.Latencies.Percentile(0.5)), Milliseconds(load.Latencies.Percentile(0.99)), Milliseconds(load.Latencies.Max),
            answers, $"{row.ServerProcessor.TotalSeconds:0.0}", $"{row.LoadProcessor.TotalSeconds:0.0}", Megabytes(row.PeakResident),
        ];
    }

    private static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds:0.00}";

    private static string Processor() => File.Exists(CpuInfo)
        ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown"
        : RuntimeInformation.ProcessArchitecture.ToString();

    private static string FileSystem(string folder) => DriveInfo.GetDrives()
        .Where(drive => drive.IsReady && folder.StartsWith(drive.Name, StringComparison.Ordinal))
        .MaxBy(drive => drive.Name.Length)?.DriveFormat ?? "unknown file system";
}
