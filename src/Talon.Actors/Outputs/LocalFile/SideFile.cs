using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Talon.Actors.Plugins;

namespace Talon.Actors.Outputs.LocalFile;

/// <summary>Describes a stored file in a file beside it: what it is, who made it, and the digest to check it by.</summary>
internal static class SideFile
{
    // The sender decides how long the name of an artifact is; the side file keeps enough of it to recognise it.
    private const int LongestText = 4096;

    // Read by people with an editor: only what JSON itself asks for is escaped.
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(string file, Artifact artifact, ArtifactContent.Whole content, DateTimeOffset at)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            var origin = artifact.Origin;
            json.WriteStartObject();
            json.WriteString("file", file);
            json.WriteString("artifact", Text(artifact.Name));
            json.WriteString("sha256", content.Sha256);
            json.WriteNumber("bytes", content.Bytes);
            json.WriteString("time", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("rule", Text(origin.Rule));
            json.WriteString("action", Text(origin.Action));
            json.WriteString("actionner", Text(origin.Actionner));
            json.WriteString("event_key", Text(origin.EventKey));
            json.WriteNumber("position", origin.Position);
            json.WriteNumber("attempt", origin.Attempt);
            json.WriteString("trace_id", Text(origin.TraceId));
            json.WriteStartObject("objects");
            foreach (var (name, value) in artifact.Objects)
            {
                json.WriteString(Text(name), Text(value));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    // A half of a surrogate pair is no character, and the writer refuses it.
    private static string Text(string text)
    {
        var whole = new StringBuilder(Math.Min(text.Length, LongestText));
        foreach (var rune in text.EnumerateRunes())
        {
            if (whole.Length + rune.Utf16SequenceLength > LongestText)
            {
                break;
            }

            whole.Append(rune.ToString());
        }

        return whole.ToString();
    }
}
