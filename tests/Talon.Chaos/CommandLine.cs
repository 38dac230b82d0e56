using System.Globalization;
using Talon.Chaos.Scenarios;

namespace Talon.Chaos;

/// <summary>The arguments of the program.</summary>
internal sealed record CommandLine
{
    public const string Usage =
        """
        usage: Talon.Chaos [--scenario NAME[,NAME...]] [--seeds N] [--seed S] [--single] [--rate R] [--talon FILE] [--folder DIR] [--out FILE] [--version TEXT]
          --scenario  a to j, short-kill, short-rolling, short-freeze, short-database, full (default) or short
          --seeds     how many seeds (default 3; with --seed 1)
          --seed      the first of them (default 1): --seed 4242 --seeds 2 runs 4242 and 4243
          --single    one node on SQLite instead of three on PostgreSQL, to try the harness out
          --rate      events a second instead of those of the scenario
          --talon     the talon.dll under test (default: the one built with this program)
          --folder    where each run leaves its logs (default: a new temporary folder, removed when all is well)
          --out       the file for the table (it is printed in any case)
          --version   what the table says about the version under test
        """;

    public IReadOnlyList<Scenario> Scenarios { get; init; } = Catalog.Full;

    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3];

    public bool Single { get; init; }

    public double? Rate { get; init; }

    public string Talon { get; init; } = Path.Combine(AppContext.BaseDirectory, "talon.dll");

    public string? Folder { get; init; }

    public string? Out { get; init; }

    public string Version { get; init; } = "unknown";

    /// <returns>Null and a fault when the arguments are wrong.</returns>
    public static CommandLine? Parse(IReadOnlyList<string> args, out string fault)
    {
        var line = new CommandLine();
        int? firstSeed = null;
        int? seeds = null;
        var given = new HashSet<string>(StringComparer.Ordinal);
        fault = "";
        try
        {
            for (int i = 0; i < args.Count; i++)
            {
                if (!given.Add(args[i]))
                {
                    throw new ArgumentException($"{args[i]} is given twice");
                }

                line = args[i] switch
                {
                    "--scenario" => line with { Scenarios = Catalog.Find(Value()) },
                    "--seeds" => Counted(Whole()),
                    "--seed" => From(Whole()),
                    "--single" => line with { Single = true },
                    "--rate" => line with { Rate = Whole() },
                    "--talon" => line with { Talon = Path.GetFullPath(Value()) },
                    "--folder" => line with { Folder = Path.GetFullPath(Value()) },
                    "--out" => line with { Out = Path.GetFullPath(Value()) },
                    "--version" => line with { Version = Value() },
                    var other => throw new ArgumentException($"unknown argument '{other}'"),
                };

                string Value() => i + 1 < args.Count ? args[++i] : throw new ArgumentException($"{args[i]} needs a value");

                CommandLine Counted(int count)
                {
                    seeds = count;
                    return line;
                }

                CommandLine From(int first)
                {
                    firstSeed = first;
                    return line;
                }

                int Whole() => int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
                    ? number
                    : throw new ArgumentException($"'{args[i]}' is no whole number over 0");
            }

            line = line with { Seeds = SeedsOf(firstSeed, seeds) };
            if (line.Single && line.Scenarios.FirstOrDefault(s => !s.FitsOneNode) is { } unfit)
            {
                throw new ArgumentException($"scenario {unfit.Id} needs more than one node");
            }

            return line;
        }
        catch (ArgumentException e)
        {
            fault = $"{e.Message}\n{Usage}";
            return null;
        }
    }

    private static IReadOnlyList<int> SeedsOf(int? first, int? count)
    {
        int from = first ?? 1;
        int many = count ?? (first is null ? 3 : 1);
        return many - 1 <= int.MaxValue - from
            ? [.. Enumerable.Range(from, many)]
            : throw new ArgumentException($"there are no {many} seeds from {from} on");
    }
}
