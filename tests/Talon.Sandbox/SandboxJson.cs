using System.Text.Encodings.Web;
using System.Text.Json;

namespace Talon.Sandbox;

/// <summary>How the sandbox writes JSON.</summary>
internal static class SandboxJson
{
    /// <summary>As Falcosidekick writes it: no needless escapes, <c>&lt;NA&gt;</c> stays readable.</summary>
    public static JsonSerializerOptions Readable { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
