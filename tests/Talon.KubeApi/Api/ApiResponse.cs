using System.Text;
using System.Text.Json.Nodes;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Api;

/// <summary>A whole answer, made before a byte of it is sent, so that a fault can hold it back.</summary>
internal sealed record ApiResponse(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Set for a 101: who takes the connection over.</summary>
    public IUpgrade? Upgrade { get; init; }

    public static ApiResponse Json(int status, JsonNode body) => new(status, "application/json", body.Utf8());

    public static ApiResponse Text(int status, string body) => new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(body));

    public static ApiResponse Object(int status, JsonObject json) => Json(status, json);

    public ApiResponse With(string header, IEnumerable<string> values) =>
        this with { Headers = [.. Headers, .. values.Select(v => KeyValuePair.Create(header, v))] };

    /// <summary>One Warning header for each text, in the form of the real server.</summary>
    public ApiResponse Warn(IEnumerable<string> warnings) =>
        With("Warning", warnings.Select(w => $"299 - \"{w.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""));
}
