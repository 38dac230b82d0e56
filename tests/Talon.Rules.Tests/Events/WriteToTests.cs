namespace Talon.Rules.Tests.Events;

public sealed class WriteToTests
{
    [Fact]
    public void WriteTo_EmptyEvent_HasAllTenKeysInOrder() => Assert.Equal(
        """{"trace_id":"trace","output":"","priority":"","rule":"","hostname":"","time":"0001-01-01T00:00:00Z","source":"syscall","output_fields":null,"context":null,"tags":null}""",
        Payload.Of(Make.Event("{}")));

    [Fact]
    public void WriteTo_FullEvent_KeepsLiteralsAndEscapesMarkup()
    {
        var falcoEvent = Make.Event("""
            {"uuid":"u","output":"12:00:00.123456789: Critical <b> & ü","priority":"Critical","rule":"R","hostname":"h","time":"2025-04-17T08:41:12.330917245Z",
             "source":"k8s_audit","tags":["a"],"output_fields":{"n":1.0,"t":"x","z":null,"o":{"k":[1,true]}}}
            """);
        Assert.Equal(
            """{"trace_id":"trace","output":"\u003Cb\u003E \u0026 ü","priority":"Critical","rule":"R","hostname":"h","time":"2025-04-17T08:41:12.330917245Z","source":"k8s_audit","output_fields":{"n":1.0,"t":"x","z":null,"o":{"k":[1,true]}},"context":{"aws.region":"eu"},"tags":["a"]}""",
            Payload.Of(falcoEvent, new Dictionary<string, string>(StringComparer.Ordinal) { ["aws.region"] = "eu" }));
    }
}
