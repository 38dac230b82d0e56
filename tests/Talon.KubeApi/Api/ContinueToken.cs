using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Api;

/// <summary>Where the next page of a list starts: a version of the store and a key in it.</summary>
internal sealed record ContinueToken(long Version, string Start)
{
    public string Encode() => WebEncoders.Base64UrlEncode(
        new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = Version, ["start"] = $"/{Start}\0" }.Utf8());

    public static ContinueToken? Decode(string text, out string fault)
    {
        fault = "";
        try
        {
            // Go ignores bits after the last whole byte, .NET refuses them: such an end cannot be ours, so it is left out.
            var bytes = WebEncoders.Base64UrlDecode(text.Length % 4 == 3 && !IsWhole(text) ? text[..^3] : text);
            var json = GoJson.Parse(Encoding.UTF8.GetString(bytes));
            var start = json.Node.Text("start");
            if (json.Error is not null)
                fault = $"continue key is not valid: invalid character '{Shown(bytes)}' looking for beginning of value";
            else if (json.Node.Text("v") != "meta.k8s.io/v1")
                fault = "continue key is not valid: server does not recognize this encoded version";
            else if (!start.StartsWith('/') || start.Contains("..", StringComparison.Ordinal))
                fault = $"continue key is not valid: {start}";
            if (fault.Length == 0)
                return new ContinueToken(json.Node.Number("rv") ?? 0, start[1..].TrimEnd('\0'));
        }
        catch (FormatException)
        {
            fault = "continue key is not valid: illegal base64 data at input byte 0";
        }

        return null;
    }

    private static bool IsWhole(string text) => "AEIMQUYcgkosw048".Contains(text[^1], StringComparison.Ordinal);

    private static string Shown(byte[] bytes) =>
        bytes.Length == 0 ? "" : bytes[0] is < 0x20 or >= 0x7f ? $"\\u{(int)bytes[0]:x4}" : ((char)bytes[0]).ToString();
}
