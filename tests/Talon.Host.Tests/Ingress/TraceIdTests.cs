using Talon.Host.Ingress;

namespace Talon.Host.Tests.Ingress;

public sealed class TraceIdTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-later")]
    public void Of_ValidHeader_IsItsTraceId(string header) => Assert.Equal(Trace, TraceId.Of(header));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01")]
    public void Of_NoValidHeader_IsRandom(string? header)
    {
        string first = TraceId.Of(header);

        Assert.Matches("^[0-9a-f]{32}$", first);
        Assert.NotEqual(Trace, first, StringComparer.Ordinal);
        Assert.NotEqual(first, TraceId.Of(header), StringComparer.Ordinal);
    }
}
