using System.Globalization;

namespace Talon.Postgres;

/// <summary>Finds the programs of a PostgreSQL server on this machine, as Debian's package <c>postgresql</c> installs them.</summary>
public static class PostgresBinaries
{
    private const string Versions = "/usr/lib/postgresql";

    /// <summary>The folder with <c>postgres</c> and <c>initdb</c> of the newest version; null when there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why no server can be started here; null when one can.</summary>
    public static string? WhyUnavailable { get; } = Folder is null
        ? $"no PostgreSQL server under {Versions}: apt-get install postgresql (tests/run.sh does it when it is root)"
        : null;

    /// <summary>Why a test that needs a server is to be skipped; null when it is to run. With <c>CI=true</c> none is skipped: it fails instead.</summary>
    public static string? WhySkipped { get; } = Environment.GetEnvironmentVariable("CI") == "true" ? null : WhyUnavailable;

    private static string? Find() => Directory.Exists(Versions)
        ? Directory.GetDirectories(Versions)
            .Where(folder => File.Exists(Path.Combine(folder, "bin", "initdb")))
            .MaxBy(folder => double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out double version) ? version : 0) is { } newest
            ? Path.Combine(newest, "bin")
            : null
        : null;
}
