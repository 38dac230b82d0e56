namespace Talon.Rules.Text;

/// <summary>A place in a JSON text that is known to be well formed.</summary>
/// <param name="Start">The first byte; for a string the one after its opening quote.</param>
/// <param name="Length">The number of bytes, without quotes.</param>
/// <param name="IsEscaped">Whether a string holds escape sequences.</param>
internal readonly record struct JsonSlice(int Start, int Length, bool IsEscaped)
{
    public ReadOnlySpan<byte> Of(ReadOnlyMemory<byte> source) => source.Span.Slice(Start, Length);

    public string Decode(ReadOnlyMemory<byte> source) => JsonText.Decode(Of(source), IsEscaped);
}
