using System.Runtime.InteropServices;
using Talon.Sandbox;

var screen = new Screen(Console.Out, !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
if (SandboxArguments.Parse(args, out string fault) is not { } arguments)
{
    await Console.Error.WriteLineAsync(fault);
    return SandboxArguments.WrongUsage;
}

if (arguments.Help)
{
    await Console.Out.WriteLineAsync(SandboxArguments.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
PosixSignalRegistration[] signals =
[
    .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP }
        .Select(signal => PosixSignalRegistration.Create(signal, Stop)),
];
try
{
    return await SandboxRun.RunAsync(arguments, screen, TimeProvider.System, stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return arguments.KeepsRunning ? 0 : 1;
}
catch (Exception e) when (e is SandboxException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"sandbox: {e.Message}");
    return 1;
}
catch (Exception e)
{
    // A fault of the sandbox itself. Caught all the same: an unhandled one would leave the Talon process and the folder behind.
    await Console.Error.WriteLineAsync($"sandbox: {e}");
    return 1;
}
finally
{
    Array.ForEach(signals, signal => signal.Dispose());
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
