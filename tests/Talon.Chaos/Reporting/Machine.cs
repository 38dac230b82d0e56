using System.Globalization;
using Talon.Postgres;

namespace Talon.Chaos.Reporting;

/// <summary>On what machine, and with what, the suite ran.</summary>
internal static class Machine
{
    public static string Describe()
    {
        string memory = File.Exists("/proc/meminfo")
            && File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) is { } total
            && long.TryParse(total.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture, out long kib)
                ? string.Create(CultureInfo.InvariantCulture, $"{kib / 1024.0 / 1024.0:0} GiB")
                : "unknown memory";
        string cpu = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor"
            : "unknown processor";
        string database = PostgresBinaries.Folder is { } folder ? $"PostgreSQL {Path.GetFileName(Path.GetDirectoryName(folder))}, fsync on" : "no PostgreSQL";
        return $"{Environment.ProcessorCount} cores ({cpu}), {memory}, .NET {Environment.Version}, {database}; load client, stand-in and database on the same machine";
    }
}
