using System.IO.Compression;
using System.Text;

namespace Talon.Actors.Tests.Notifiers.Http;

/// <summary>A request as a <see cref="LocalServer"/> got it.</summary>
/// <param name="Path">With the query, as it stood in the request.</param>
/// <param name="Certificate">The subject of what the client showed; null for nothing.</param>
internal sealed record LocalRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, string? Certificate)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The body without gzip.</summary>
    public byte[] Unzipped()
    {
        using var zip = new GZipStream(new MemoryStream(Body), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zip.CopyTo(plain);
        return plain.ToArray();
    }
}
