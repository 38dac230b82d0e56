using Talon.Benchmarks.Http;
using Talon.Benchmarks.Micro;
using Talon.Benchmarks.Outputs;
using Talon.Benchmarks.Processes;

const string Usage = """
    usage: dotnet run -c Release --project tests/Talon.Benchmarks -- COMMAND

      micro [--quick] [--filter GLOB]                       parse, match, plan, event id (other options go to BenchmarkDotNet)
      http [--seconds N] [--connections N] [--only a,b,c]   the whole server under load, against an empty Kestrel handler
      outputs [--size 2Gi] [--output aws:s3|minio:s3]       one large artifact through an output, against curl
    """;

switch (args)
{
    case ["micro", .. var rest]:
        return MicroRun.Run(rest);
    case ["http", .. var rest]:
        return await HttpRun.RunAsync(rest, TimeProvider.System, Console.Out, Console.Error);
    case ["outputs", .. var rest]:
        return await OutputRun.RunAsync(rest, TimeProvider.System, Console.Out);
    case [S3Sink.Command]:
        return await S3Sink.RunAsync();
    case [EmptyHandler.Command]:
        return await EmptyHandler.RunAsync();
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}
