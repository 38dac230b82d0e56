using System.Collections.Immutable;
using System.Security.Cryptography;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Plugins;

/// <summary>
/// Something that an action brought back and that is too large or too secret for an outcome: a file, a capture, a log. Its bytes
/// are streamed once from source to output; nobody holds all of them.
/// </summary>
public sealed class Artifact
{
    private readonly Func<Stream, CancellationToken, Task<ActionOutcome.Failed?>> _write;

    /// <summary>Makes an artifact.</summary>
    /// <param name="name">Its name as the source calls it, possibly a path, possibly shaped by an attacker.</param>
    /// <param name="objects">The objects it comes from: <c>pod</c>, <c>namespace</c>, <c>file</c>.</param>
    /// <param name="write">Writes the content to a stream. Returns null when all of it was written, otherwise why not.</param>
    public Artifact(
        string name,
        ImmutableSortedDictionary<string, string> objects,
        ArtifactOrigin origin,
        Func<Stream, CancellationToken, Task<ActionOutcome.Failed?>> write)
    {
        Name = name;
        Objects = objects;
        Origin = origin;
        _write = write;
    }

    /// <summary>Its name as the source calls it: data, never to be used as a file name.</summary>
    public string Name { get; }

    /// <summary>The objects it comes from.</summary>
    public ImmutableSortedDictionary<string, string> Objects { get; }

    /// <summary>The action that made it.</summary>
    public ArtifactOrigin Origin { get; }

    /// <summary>
    /// Writes the content, once. Content of 0 bytes is whole: that there is nothing is evidence too, and an attacker must not be able to
    /// make an action fail by leaving a file empty. Exceptions of the destination go to the caller.
    /// </summary>
    /// <param name="destination">Stays open.</param>
    public async Task<ArtifactContent> WriteToAsync(Stream destination, CancellationToken cancellationToken)
    {
        await using var counting = new DigestStream(destination);
        return await _write(counting, cancellationToken) is { } broken
            ? new ArtifactContent.Broken(broken)
            : new ArtifactContent.Whole(counting.Written, counting.Digest());
    }

    private sealed class DigestStream(Stream inner) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Written; set => throw new NotSupportedException(); }

        public string Digest() => Convert.ToHexStringLower(_hash.GetCurrentHash());

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            inner.Write(buffer, offset, count);
            Count(buffer.AsSpan(offset, count));
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            Count(buffer.Span);
        }

        protected override void Dispose(bool disposing)
        {
            _hash.Dispose();
            base.Dispose(disposing);
        }

        private void Count(ReadOnlySpan<byte> bytes)
        {
            Written += bytes.Length;
            _hash.AppendData(bytes);
        }
    }
}
