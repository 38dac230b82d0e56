using System.Diagnostics;
using Talon.Architecture.Tests.Repository;

namespace Talon.Architecture.Tests.Sandbox;

/// <summary>The program that a newcomer runs first, as a process.</summary>
public sealed class SandboxProgramTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Once_Sample_ShowsTheWayOfTheEvent()
    {
        var (code, output, error) = await RunAsync("--once");

        Assert.True(code == 0, error + output);
        string[] inOrder =
        [
            "POST http://127.0.0.1:", "#1 Accepted", "rule 'Shell in a container' matches", "#2 Started", "DELETE /api/v1/namespaces/shop/pods/cart-6c9d7f8b5-x2lmn, only if its uid is",
            "#3 Finished: success", "no longer exists",
        ];
        int at = 0;
        foreach (string text in inOrder)
        {
            int found = output.IndexOf(text, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{text}' is missing or too early in\n{output}");
            at = found;
        }

        Assert.Contains("HTTP 200 after", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public async Task Once_BrokenRules_SaysWhyAndFails()
    {
        string rules = Path.Combine(AppContext.BaseDirectory, "Samples", "broken.yaml");

        var (code, _, error) = await RunAsync("--once", "--rules", rules);

        Assert.Equal(1, code);
        Assert.Contains("kubernetes:terminat", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_File_EndsWithTable()
    {
        string events = RepositoryFiles.PathOf("tests", "Talon.Sandbox", "Samples", "event.json");

        var (code, output, error) = await RunAsync("--events", events);

        Assert.True(code == 0, error + output);
        Assert.Matches(@"HTTP 200 +1\r?\n", output);
        Assert.Matches(@"kubernetes:terminate: success +1\r?\n", output);
        Assert.Matches(@"delete pods +1\r?\n", output);
    }

    [Fact]
    public async Task Arguments_Unknown_AreWrongUsage()
    {
        var (code, _, error) = await RunAsync("--onse");

        Assert.Equal(2, code);
        Assert.Contains("usage:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NextCommands_DotnetRunOfTalon_KeepTheFolderOfTheShell()
    {
        // The web SDK would move `dotnet run` into the folder of the project, where the paths that the sandbox names do not exist.
        var (code, output, error) = await DotnetAsync("msbuild", RepositoryFiles.PathOf("src", "Talon.Host", "Talon.Host.csproj"), "-getProperty:RunWorkingDirectory");

        Assert.True(code == 0, error + output);
        Assert.Empty(output.Trim());
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        DotnetAsync([Path.Combine(AppContext.BaseDirectory, "talon-sandbox.dll"), .. arguments]);

    private static async Task<(int Code, string Output, string Error)> DotnetAsync(params string[] arguments)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
