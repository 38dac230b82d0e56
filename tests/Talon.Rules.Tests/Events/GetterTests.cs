using Talon.Rules.Events;

namespace Talon.Rules.Tests.Events;

public sealed class GetterTests
{
    [Theory]
    [InlineData("\"k8s.pod.name\":\"p\",\"ka.target.pod.name\":\"q\",\"ka.target.name\":\"r\"", "p")]
    [InlineData("\"ka.target.pod.name\":\"q\",\"ka.target.name\":\"r\"", "q")]
    [InlineData("\"ka.target.name\":\"r\"", "r")]
    [InlineData("\"k8s.pod.name\":null,\"ka.target.name\":\"r\"", "r")]
    [InlineData("\"k8s.pod.name\":\"\",\"ka.target.name\":\"r\"", "r")]
    [InlineData("\"k8s.pod.name\":\"<NA>\",\"ka.target.name\":\"r\"", "r")]
    [InlineData("\"k8s.pod.name\":true,\"ka.target.name\":\"r\"", "r")]
    [InlineData("\"k8s.pod.name\":{},\"ka.target.name\":\"r\"", "r")]
    [InlineData("\"k8s.pod.name\":12", "12")]
    [InlineData("\"k8s.pod.name\":\"<NA>\"", null)]
    [InlineData("", null)]
    public void PodName_TakesTheFirstUsableField(string fields, string? expected) => Assert.Equal(expected, With(fields).PodName);

    [Theory]
    [InlineData("\"k8s.ns.name\":\"n\",\"ka.target.namespace\":\"m\"", "n")]
    [InlineData("\"k8s.ns.name\":\"<NA>\",\"ka.target.namespace\":\"m\"", "m")]
    [InlineData("\"ka.target.namespace\":null", null)]
    public void Namespace_TakesTheFirstUsableField(string fields, string? expected) => Assert.Equal(expected, With(fields).Namespace);

    [Fact]
    public void Remote_FallsBackToTheServerSide()
    {
        var both = With("\"fd.rip\":\"1.1.1.1\",\"fd.sip\":\"2.2.2.2\",\"fd.rport\":8080,\"fd.sport\":1,\"fd.rproto\":\"tcp\",\"fd.sproto\":\"udp\"");
        Assert.Equal(("1.1.1.1", "8080", "tcp"), (both.RemoteIp, both.RemotePort, both.RemoteProtocol));
        var server = With("\"fd.rip\":null,\"fd.sip\":\"2.2.2.2\",\"fd.rport\":null,\"fd.sport\":1000000,\"fd.rproto\":\"<NA>\",\"fd.sproto\":\"udp\"");
        Assert.Equal(("2.2.2.2", "1000000", "udp"), (server.RemoteIp, server.RemotePort, server.RemoteProtocol));
    }

    [Fact]
    public void Target_ReadsTheAuditFields()
    {
        var falcoEvent = With("\"ka.target.name\":\"cm\",\"ka.target.namespace\":\"ns\",\"ka.target.resource\":\"configmaps\"");
        Assert.Equal(("cm", "ns", "configmaps"), (falcoEvent.TargetName, falcoEvent.TargetNamespace, falcoEvent.TargetResource));
    }

    [Theory]
    [InlineData("\"container.id\":\"9fe2c61d04ab\"", "9fe2c61d04ab")]
    [InlineData("\"container.id\":\"host\"", null)]
    [InlineData("\"container.id\":\"\"", null)]
    [InlineData("\"container.id\":\"<NA>\"", null)]
    [InlineData("\"container.id\":null", null)]
    public void ContainerId_HostAndPlaceholders_AreMissing(string fields, string? expected) => Assert.Equal(expected, With(fields).ContainerId);

    [Fact]
    public void PodUid_IsRead() => Assert.Equal("u-1", With("\"k8s.pod.uid\":\"u-1\"").PodUid);

    private static FalcoEvent With(string fields) => Make.Event($"{{\"output_fields\":{{{fields}}}}}");
}
