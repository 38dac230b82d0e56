namespace Talon.Host.Tests.Support;

internal static class TestEvents
{
    public const string Shell = """
        {"output":"08:41:12.330917245: Notice A shell (user=svc)","priority":"Notice","rule":"Terminal shell in container","time":"2025-04-17T08:41:12.330917245Z","source":"syscall","hostname":"worker-03","output_fields":{"k8s.ns.name":"checkout","k8s.pod.name":"cart-0"}}
        """;

    public const string Other = """
        {"output":"nothing","priority":"Debug","rule":"Other rule","time":"2025-04-17T08:41:12Z","source":"syscall"}
        """;

    public static IEnumerable<string> All() =>
        new[] { "falco.jsonl", "falcosidekick.jsonl" }.SelectMany(file => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "TestData", file)));
}
