namespace Talon.Testing.Tools;

/// <summary>Where the tools are, and what becomes of a test that lacks one.</summary>
public static class TestTools
{
    private static readonly string? Root = FindRoot(AppContext.BaseDirectory);

    /// <summary>The folder of all tools.</summary>
    public static string Folder { get; } = Path.Combine(Root ?? AppContext.BaseDirectory, "artifacts", "tools");

    /// <summary>The script that keeps a server of node to the loopback address.</summary>
    public static string Loopback { get; } = Path.Combine(AppContext.BaseDirectory, "Tools", "loopback.cjs");

    /// <summary>The script that runs the mail server.</summary>
    public static string MailServer { get; } = Path.Combine(AppContext.BaseDirectory, "Tools", "mailserver.cjs");

    /// <summary>The file that a tool cannot do without.</summary>
    public static string PathOf(TestTool tool) => Path.Combine(Folder, tool switch
    {
        TestTool.Fauxqs => "npm/node_modules/fauxqs/dist/cli.js",
        TestTool.Moto => "moto/usr/lib/python3/dist-packages",
        TestTool.FunctionsFramework => "npm/node_modules/@google-cloud/functions-framework/build/src/main.js",
        TestTool.SmtpServer => "npm/node_modules/smtp-server/dist/cjs/smtp-server.js",
        _ => throw new ArgumentOutOfRangeException(nameof(tool)),
    });

    /// <summary>Why a tool cannot be started here; null when it can.</summary>
    public static string? WhyUnavailable(TestTool tool) =>
        Path.Exists(PathOf(tool)) ? null : $"{tool} is not there: tests/tools.sh fetches it";

    /// <summary>Why a test that needs a tool is to be skipped; null when it is to run. With <c>TALON_TEST_REQUIRE=all</c> it runs, and fails.</summary>
    public static string? WhySkipped(params ReadOnlySpan<TestTool> tools)
    {
        if (Environment.GetEnvironmentVariable("TALON_TEST_REQUIRE") == "all")
        {
            return null;
        }

        foreach (var tool in tools)
        {
            if (WhyUnavailable(tool) is { } why)
            {
                return why;
            }
        }

        return null;
    }

    private static string? FindRoot(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "Talon.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }
}
