using Talon.Benchmarks.Http;
using Talon.Benchmarks.Micro;
using Talon.Benchmarks.Processes;

const string Usage = """
    usage: dotnet run -c Release --project tests/Talon.Benchmarks -- COMMAND

      micro [--quick] [--filter GLOB]                       parse, match, plan, event id (other options go to BenchmarkDotNet)
      http [--seconds N] [--connections N] [--only a,b,c]   the whole server under load, against an empty Kestrel handler
    """;

switch (args)
{
    case ["micro", .. var rest]:
        return MicroRun.Run(rest);
    case ["http", .. var rest]:
        return await HttpRun.RunAsync(rest, TimeProvider.System, Console.Out, Console.Error);
    case [EmptyHandler.Command]:
        return await EmptyHandler.RunAsync();
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}
