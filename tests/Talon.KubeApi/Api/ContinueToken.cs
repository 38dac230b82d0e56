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
            var json = GoJson.Parse(Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(text)));
            var start = json.Node.Text("start");
            if (json.Error is not null)
                fault = "continue key is not valid: invalid character '\\u0081' looking for beginning of value";
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
}
