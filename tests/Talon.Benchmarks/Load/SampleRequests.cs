namespace Talon.Benchmarks.Load;

/// <summary>The sample events one after another, over and over.</summary>
/// <param name="requests">The requests, shared by all connections.</param>
/// <param name="first">Where this connection begins.</param>
internal sealed class SampleRequests(byte[][] requests, int first) : RequestSource
{
    private int _next = first % requests.Length;

    public override ReadOnlySpan<byte> Next()
    {
        byte[] request = requests[_next];
        _next = (_next + 1) % requests.Length;
        return request;
    }
}
