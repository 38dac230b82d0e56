using System.Globalization;

namespace Talon.Benchmarks.Http;

/// <summary>
/// The time of all processors since the start of the machine, in ticks: all of it, and what a virtual machine did not get because its host
/// gave it to others (<c>steal</c> in /proc/stat, see proc(5)). Zero where there is no such file.
/// </summary>
internal readonly record struct MachineTime(long All, long Stolen)
{
    private const int StealColumn = 7;

    public static MachineTime Now()
    {
        if (!File.Exists("/proc/stat"))
        {
            return default;
        }

        // Guest time, the columns behind it, is already in user time.
        long[] ticks =
        [
            .. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(StealColumn + 1)
                .Select(column => long.Parse(column, CultureInfo.InvariantCulture)),
        ];
        return new MachineTime(ticks.Sum(), ticks.Length > StealColumn ? ticks[StealColumn] : 0);
    }

    /// <summary>The share that was stolen since then, 0 to 1.</summary>
    public double StolenSince(MachineTime before) => All == before.All ? 0 : (double)(Stolen - before.Stolen) / (All - before.All);
}
