using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Talon.Architecture.Tests.Repository;
using Talon.KubeApi;

namespace Talon.Architecture.Tests.Documents;

/// <summary>
/// Where the commands of one page run: a folder that looks like a checkout, <c>talon</c> and <c>dotnet run</c> as the programs that are
/// built, and a home whose kubeconfig leads to the API stand-in. Everything listens on loopback, on ports of its own.
/// </summary>
internal sealed partial class CommandStage : IAsyncDisposable
{
    // Generous: it only ends a command that hangs.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("talon-docs-");
    private readonly int _port = FreePort();
    private readonly KubeApiServer _kube;
    private Process? _server;
    private Task<string> _serverSays = Task.FromResult("");

    private CommandStage(KubeApiServer kube) => _kube = kube;

    private string Folder => Path.Combine(_root.FullName, "checkout");

    public static async Task<CommandStage> BuildAsync()
    {
        var kube = await KubeApiServer.StartAsync();
        kube.Store.AddPod("default", "web-0", new PodSeed());
        var stage = new CommandStage(kube);
        string kubeconfigs = Directory.CreateDirectory(Path.Combine(stage._root.FullName, "home", ".kube")).FullName;
        kube.WriteKubeconfig(Path.Combine(kubeconfigs, "config"));
        Directory.CreateDirectory(stage.Folder);
        foreach (string folder in new[] { "deploy", "docs", "src" })
        {
            Directory.CreateSymbolicLink(Path.Combine(stage.Folder, folder), RepositoryFiles.PathOf(folder));
        }

        // Scripts of the tests build first what is built here already.
        string tests = Directory.CreateDirectory(Path.Combine(stage.Folder, "tests")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(tests, "Talon.Sandbox"), RepositoryFiles.PathOf("tests", "Talon.Sandbox"));
        Program(tests, "sandbox.sh", $"exec '{Dotnet}' exec '{Built("talon-sandbox")}' \"$@\"");

        string programs = Directory.CreateDirectory(Path.Combine(stage._root.FullName, "bin")).FullName;
        Program(programs, "talon", $"exec '{Dotnet}' exec '{Built("talon")}' \"$@\"");
        Program(programs, "dotnet", $"""
            if [ "$1 $2" != "run --project" ]; then echo "only 'dotnet run --project' is run from a page, not 'dotnet $1'" >&2; exit 64; fi
            case $3 in
              src/Talon.Host) program='{Built("talon")}' ;;
              *) echo "no page runs $3" >&2; exit 64 ;;
            esac
            shift 3
            if [ "${"{"}1:-{"}"}" = -- ]; then shift; fi
            exec '{Dotnet}' exec "$program" "$@"
            """);
        return stage;
    }

    private static string Dotnet => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
        ? path
        : Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    /// <summary>Does what a block says; what is wrong with it, or null.</summary>
    /// <param name="block">A file, or commands without a mark.</param>
    public async Task<string?> PlayAsync(FencedBlock block)
    {
        if (!block.IsShell)
        {
            await File.WriteAllTextAsync(Path.Combine(Folder, block.File!), block.Text);
            return null;
        }

        if (block.Language == "console")
        {
            return await CompareAsync(block.Text);
        }

        if (Server().IsMatch(block.Text))
        {
            return await ServeAsync(block.Text);
        }

        var (code, output) = await RunAsync(block.Text);
        return code == 0 ? null : $"exit code {code}\n{output}";
    }

    /// <summary>Stops the server that the page has started, as a person would; what is wrong with its end, or null.</summary>
    public async Task<string?> StopAsync()
    {
        if (_server is null)
        {
            return null;
        }

        using var signal = Process.Start("/bin/sh", ["-c", $"kill -TERM {_server.Id}"]);
        using var deadline = new CancellationTokenSource(Deadline);
        await _server.WaitForExitAsync(deadline.Token);
        return _server.ExitCode == 0 ? null : $"talon server ended with {_server.ExitCode}\n{await _serverSays}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
        }

        _server?.Dispose();
        await _kube.DisposeAsync();
        _root.Delete(recursive: true);
    }

    private static string Built(string program) => Path.Combine(AppContext.BaseDirectory, $"{program}.dll");

    private static void Program(string folder, string name, string text)
    {
        string file = Path.Combine(folder, name);
        File.WriteAllText(file, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<string?> CompareAsync(string text)
    {
        var commands = new List<(string Command, StringBuilder Output)>();
        foreach (string line in text.TrimEnd().Split('\n'))
        {
            if (line.StartsWith("$ ", StringComparison.Ordinal))
            {
                commands.Add((line[2..], new StringBuilder()));
            }
            else if (commands.Count == 0)
            {
                return "the first line is no command; it begins with '$ '";
            }
            else
            {
                commands[^1].Output.Append(line.TrimEnd()).Append('\n');
            }
        }

        foreach (var (command, expected) in commands)
        {
            var (_, output) = await RunAsync(command);
            if (!Pattern(expected.ToString()).IsMatch(Trimmed(output)))
            {
                return $"$ {command}\nprints\n{Trimmed(output)}\nand not\n{expected}";
            }
        }

        return null;
    }

    // An ellipsis stands for any text; on a line of its own, for any lines.
    private static Regex Pattern(string expected) =>
        new($"^{Regex.Escape(expected.TrimEnd()).Replace("…", ".*", StringComparison.Ordinal)}$", RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));

    private static string Trimmed(string output) => string.Join('\n', output.Split('\n').Select(line => line.TrimEnd())).TrimEnd();

    private async Task<string?> ServeAsync(string text)
    {
        if (_server is not null)
        {
            return "the page starts a second server";
        }

        _server = Start(text.Replace("talon server", "exec talon server", StringComparison.Ordinal));
        _serverSays = ReadAsync(_server, CancellationToken.None);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}/") };
        var watch = Stopwatch.StartNew();
        while (!_server.HasExited && watch.Elapsed < Deadline)
        {
            try
            {
                if ((await client.GetAsync(new Uri("readyz", UriKind.Relative))).IsSuccessStatusCode)
                {
                    return null;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50);
        }

        return _server.HasExited ? $"the server ended\n{await _serverSays}" : "the server is not ready in time";
    }

    private async Task<(int Code, string Output)> RunAsync(string script)
    {
        using var process = Start(script);
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            string output = await ReadAsync(process, deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"no end within {Deadline.TotalSeconds} s");
        }
    }

    // Both streams in one, as in a terminal.
    private Process Start(string script)
    {
        string file = Path.Combine(_root.FullName, "script.sh");
        File.WriteAllText(file, $"set -euo pipefail\nexec 2>&1\n{OwnPort().Replace(script, $"127.0.0.1:{_port}")}");
        var start = new ProcessStartInfo("bash", [file])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = $"{Path.Combine(_root.FullName, "bin")}:{start.Environment["PATH"]}";
        start.Environment["HOME"] = Path.Combine(_root.FullName, "home");
        start.Environment["NO_COLOR"] = "1";
        start.Environment["LISTEN_ADDRESS"] = "127.0.0.1";
        start.Environment["LISTEN_PORT"] = $"{_port}";
        start.Environment["CLUSTER_PORT"] = "0";
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static Task<string> ReadAsync(Process process, CancellationToken cancellationToken) => process.StandardOutput.ReadToEndAsync(cancellationToken);

    [GeneratedRegex(@"(^|\s)talon server(\s|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Server();

    [GeneratedRegex(@"\blocalhost:2803\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OwnPort();
}
