using Talon.Cluster.Membership;

namespace Talon.Cluster.Tests.Membership;

public sealed class NodeAddressTests
{
    [Theory]
    [InlineData("talon-0", "talon-0", 4053)]
    [InlineData("talon-0.nodes.falco:14053", "talon-0.nodes.falco", 14053)]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("::1", "::1", 4053)]
    [InlineData("[::1]", "::1", 4053)]
    [InlineData("[fd00::2]:5", "fd00::2", 5)]
    public void Parse_Right_HostAndPort(string text, string host, int port) =>
        Assert.Equal(new NodeAddress(host, port), NodeAddress.Parse(text, 4053));

    [Theory]
    [InlineData("")]
    [InlineData(":4053")]
    [InlineData("a:")]
    [InlineData("a:0")]
    [InlineData("a:65536")]
    [InlineData("a:-1")]
    [InlineData("a b")]
    [InlineData("akka.tcp://talon@a:4053")]
    [InlineData("a\"b")]
    public void Parse_Wrong_Null(string text) => Assert.Null(NodeAddress.Parse(text, 4053));

    [Fact]
    public void ToAkka_IsAnAddressOfTheSystem() => Assert.Equal("akka.tcp://talon@a:7", new NodeAddress("a", 7).ToAkka().ToString());
}
