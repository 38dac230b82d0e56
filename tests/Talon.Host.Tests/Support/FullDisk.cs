namespace Talon.Host.Tests.Support;

/// <summary>A stream that cannot be written, as <c>/dev/full</c>.</summary>
internal sealed class FullDisk : MemoryStream
{
    public const string Message = "No space left on device";

    public int Writes { get; private set; }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Writes++;
        throw new IOException(Message);
    }
}
