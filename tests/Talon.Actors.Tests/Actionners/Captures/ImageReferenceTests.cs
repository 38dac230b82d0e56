using Talon.Actors.Actionners.Captures;

namespace Talon.Actors.Tests.Actionners.Captures;

public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("busybox")]
    [InlineData("issif/tcpdump:latest")]
    [InlineData("registry.example.com:5000/tools/net_tools:v1.2-rc.3")]
    [InlineData("localhost/tcpdump")]
    [InlineData("issif/tcpdump@" + Digest)]
    [InlineData("issif/tcpdump:latest@" + Digest)]
    [InlineData("10.0.0.1:5000/a/b-c__d")]
    public void Check_Image_IsTaken(string text) => Assert.Null(ImageReference.Check(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Upper/case")]
    [InlineData("a b")]
    [InlineData("a/")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a:")]
    [InlineData("a:-tag")]
    [InlineData("a:t:u")]
    [InlineData("a@")]
    [InlineData("a@sha256:0123")]
    [InlineData("a@" + Digest + "0")]
    [InlineData("-a")]
    [InlineData("a;reboot")]
    [InlineData("https://example.com/a")]
    public void Check_NoImage_SaysWhatWouldBeOne(string text) =>
        Assert.StartsWith("must be the name of an image such as ", ImageReference.Check(text), StringComparison.Ordinal);
}
