using Talon.FaultHost;
using Talon.Host.Cli;

if (!FaultPoint.TryParse(Environment.GetEnvironmentVariable(FaultPoint.Variable), out var fault, out string? problem))
{
    await Console.Error.WriteLineAsync(problem);
    return 2;
}

return await TalonProgram.RunAsync(args, FaultHooks.For(fault));
