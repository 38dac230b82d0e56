using System.Text;
using Talon.Rules.Events;

namespace Talon.Rules.Matching;

/// <summary><c>key cidr 10.0.0.0/8</c>: the field is there and its text is an address of the network.</summary>
internal sealed class FieldCidrCondition(string key, IpNetwork network, MatchKeys keys) : FieldCondition(key, keys)
{
    public IpNetwork Network { get; } = network;

    public override bool HoldsFor(string? text)
    {
        Span<byte> utf8 = stackalloc byte[IpAddress.LongestText];
        return text is { Length: <= IpAddress.LongestText }
            && Ascii.FromUtf16(text, utf8, out int length) == System.Buffers.OperationStatus.Done
            && HoldsFor(utf8[..length]);
    }

    public override string ToString() => $"{Key} cidr {Network}";

    private protected override bool HoldsAt(FieldMap fields, int position)
    {
        if (position < 0 || fields.KindAt(position) == FieldKind.Null)
        {
            return false;
        }

        return fields.TryGetUtf8(position, out var utf8) ? HoldsFor(utf8) : HoldsFor(fields.ValueAt(position).Literal);
    }

    private protected override string Remark(string text) =>
        IpAddress.TryParse(Encoding.UTF8.GetBytes(text), out _) ? "" : ", which is no IP address";

    private bool HoldsFor(ReadOnlySpan<byte> utf8) => IpAddress.TryParse(utf8, out var address) && Network.Contains(address);
}
