using System.Diagnostics;

namespace Talon.Actors.Tests.Actionners.Captures.Tcpdump;

/// <summary>
/// The tcpdump of this machine, run with the rights that Talon gives its container: root with three capabilities, in a network of its
/// own whose only traffic is that of a loop on its loopback.
/// </summary>
internal static class RealTcpdump
{
    private static readonly string[] Programs = ["tcpdump", "timeout", "bash", "unshare", "setpriv", "ip"];

    private static readonly Lazy<string?> Tried = new(Try);

    /// <summary>Stands in for timeout: runs the real one, with what Talon asked it for, in that network.</summary>
    public static string Timeout => $$"""
        #!/bin/bash
        exec unshare --net -- bash -c '
          ip link set lo up
          { for i in {1..80}; do echo x > /dev/udp/127.0.0.1/9; sleep 0.05; done; } </dev/null >/dev/null 2>&1 &
          exec setpriv --no-new-privs --bounding-set -all,+net_raw,+setgid,+setuid -- {{Find("timeout")}} "$@"' talon "$@"
        """;

    /// <summary>Why it cannot be run here; null when it can. With <c>CI=true</c> a program that is missing is no reason: the test fails then.</summary>
    public static string? WhyNot => Tried.Value;

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "only root of a Linux may capture packets";
        }

        if (Programs.FirstOrDefault(program => Find(program) is null) is { } missing)
        {
            return Environment.GetEnvironmentVariable("CI") == "true"
                ? null
                : $"there is no {missing} here: apt-get install tcpdump iproute2 (tests/run.sh does it when it is root)";
        }

        using var process = Process.Start(new ProcessStartInfo("unshare", ["--net", "--", "true"]) { RedirectStandardError = true, UseShellExecute = false })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"no network of its own can be made here: {error.Trim()}";
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
