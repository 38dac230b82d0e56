using System.Net;

namespace Talon.KubeApi.Proxy;

/// <summary>The body of a request on its way: what has been read of it already, then the rest as it comes.</summary>
internal sealed class ForwardedBody(ReadOnlyMemory<byte> read, Stream rest, long? length) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(read, cancellationToken);
        await rest.CopyToAsync(stream, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long computed)
    {
        computed = length ?? 0;
        return length is not null;
    }
}
