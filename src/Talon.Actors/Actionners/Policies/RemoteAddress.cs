using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Talon.Rules.Events;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Policies;

/// <summary>
/// The remote address of an event as a range of that address alone: /32 or /128. <c>fd.rip</c>, else <c>fd.sip</c>; an IPv4 address
/// in IPv6 form counts as the IPv4 one. Link-local IPv4 stays allowed: the metadata services of clouds are there.
/// </summary>
internal static class RemoteAddress
{
    /// <summary>False with the problem when the event has no address that a policy could deny.</summary>
    /// <param name="problem">What is wrong, one sentence.</param>
    public static bool TryRead(FalcoEvent falcoEvent, out IPNetwork range, [NotNullWhen(false)] out string? problem)
    {
        range = default;
        if (falcoEvent.RemoteIp is not { } text)
        {
            problem = "the event carries no remote address: neither fd.rip nor fd.sip is usable";
            return false;
        }

        if (!TryParse(text, out var address))
        {
            problem = $"the event's remote address is not an IPv4 or IPv6 address without port and zone: '{OneLine.From(text)}'";
            return false;
        }

        if (Useless(address) is { } kind)
        {
            problem = $"the event's remote address {address} is {kind}: no network policy can deny it";
            return false;
        }

        range = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        problem = null;
        return true;
    }

    private static bool TryParse(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Any(c => !char.IsAsciiHexDigit(c) && c is not ('.' or ':')) || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        // .NET also takes 127.1 and 0177.0.0.1, and reads them in its own way.
        if (parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() != text)
        {
            return false;
        }

        address = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        return true;
    }

    private static string? Useless(IPAddress address) =>
        IPAddress.IsLoopback(address) ? "a loopback address"
        : address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "the unspecified address"
        : address.IsIPv6LinkLocal ? "a link-local address"
        : null;
}
