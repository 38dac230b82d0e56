using System.Diagnostics;
using Talon.Benchmarks.Load;

namespace Talon.Benchmarks.Http;

/// <summary>How long the disk takes to make a small write durable: the floor under every 200 to a matched event.</summary>
internal static class DiskProbe
{
    private const int Writes = 100;
    private const int Size = 4096;

    /// <summary>Writes and syncs blocks in a folder, one after another.</summary>
    public static LatencyHistogram Run(string folder)
    {
        var latencies = new LatencyHistogram();
        byte[] block = new byte[Size];
        using var file = new FileStream(
            Path.Combine(folder, "probe"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        for (int i = 0; i < Writes; i++)
        {
            var clock = Stopwatch.StartNew();
            file.Write(block);
            file.Flush(flushToDisk: true);
            latencies.Record(clock.Elapsed);
        }

        return latencies;
    }
}
