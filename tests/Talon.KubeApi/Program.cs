using System.Runtime.InteropServices;
using Talon.KubeApi;

if (CommandLine.Parse(args, out var fault) is not { } command)
{
    await Console.Error.WriteLineAsync(fault);
    return 2;
}

// The output of each command that runs in a container may hold two threads until it ends; requests must not wait for those.
ThreadPool.SetMinThreads(workerThreads: 256, completionPortThreads: 16);

var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
await using var server = await KubeApiServer.StartAsync(command.Options);
if (command.Kubeconfig is { } path)
    server.WriteKubeconfig(path);
foreach (var program in command.Programs is { } folder ? Directory.GetFiles(folder) : [])
    server.Kubelets.AddProgram(Path.GetFileName(program), await File.ReadAllTextAsync(program));
await Console.Out.WriteLineAsync($"kubeapi listens on {server.BaseUri.GetLeftPart(UriPartial.Authority)}");
await stop.Task;
return 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.TrySetResult();
}
