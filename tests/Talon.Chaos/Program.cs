using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;
using Talon.Chaos;
using Talon.Chaos.Processes;
using Talon.Chaos.Reporting;
using Talon.Chaos.Scenarios;
using Talon.Postgres;

if (CommandLine.Parse(args, out string fault) is not { } line)
{
    await Console.Error.WriteLineAsync(fault);
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
AppDomain.CurrentDomain.ProcessExit += (_, _) => ChildProcess.KillAll();

var clock = TimeProvider.System;
string folder = line.Folder ?? Directory.CreateTempSubdirectory("talon-chaos-").FullName;
var results = new List<ScenarioResult>();
int code = 0;
try
{
    await using var database = line.Single ? null : await PostgresServer.StartNewAsync(new PostgresSettings { Fsync = true, MaxConnections = 200 });
    var runner = new ScenarioRunner(new RunnerOptions(folder, line.Talon, line.Rate), database, clock, Log);
    foreach (var (seed, scenario) in line.Seeds.SelectMany(seed => line.Scenarios.Select(scenario => (seed, scenario))))
    {
        try
        {
            var result = await runner.RunAsync(scenario, seed, stop.Token);
            results.Add(result);
            Log(Report.Row(result));
            Console.Write(Report.Details(result));
            Console.Write(result.IsGood ? "" : Report.Trouble(result));
            code = !result.IsGood ? 1 : result.Toothless.Count > 0 && code == 0 ? 3 : code;
        }
        catch (Exception e) when (e is ChaosException or InvalidOperationException or HttpRequestException or NpgsqlException)
        {
            Log($"{scenario.Id}, seed {seed} could not be run: {e.Message}");
            code = code == 0 ? 3 : code;
            await (database?.StartAsync() ?? Task.CompletedTask);
        }
    }
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Log("stopped");
    code = 3;
}
catch (InvalidOperationException e)
{
    Log($"the suite could not go on: {e.Message}");
    code = 3;
}

string report = Report.Of(results, clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture), Machine.Describe(), line.Version);
Console.WriteLine();
Console.Write(report);
if (line.Out is { } file)
{
    await File.WriteAllTextAsync(file, report);
}

if (code == 0 && line.Folder is null)
{
    Directory.Delete(folder, recursive: true);
}
else
{
    Log($"logs of the nodes are in {folder}");
}

return code;

void Log(string text) => Console.WriteLine($"{clock.GetUtcNow():HH:mm:ss.fff} {text}");

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
