using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Talon.Rules.Text;

namespace Talon.Rules.Events;

/// <summary>
/// One Falco event. Immutable; made by <see cref="FalcoEventParser"/> only. Everything in it comes from an attacker: texts
/// are data, never part of a shell line, path, label or URL without a check of their own.
/// </summary>
public sealed class FalcoEvent
{
    // Escapes <, > and & like the original's payloads, and leaves other scripts readable.
    private static readonly JsonWriterOptions PayloadOptions = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), MaxDepth = JsonCopy.MaxDepth };

    private readonly EventParts _parts;
    private string? _output;
    private string? _hostname;
    private string? _priorityText;

    internal FalcoEvent(in EventParts parts)
    {
        _parts = parts;
    }

    /// <summary>
    /// The body as received; a body that is not valid UTF-8 has U+FFFD where it is broken. Parsing it again gives the same
    /// event. It shares the memory given to the parser: see <see cref="Detach"/>.
    /// </summary>
    public ReadOnlyMemory<byte> Raw => _parts.Raw;

    /// <summary>The rendered message without Falco's time-and-priority prefix; empty when missing.</summary>
    public string Output => _output ??= OutputPrefix.Trim(_parts.Output.Decode(Raw));

    /// <summary>The name of the Falco rule; empty when missing.</summary>
    public string Rule => _parts.Rule;

    /// <summary>The priority; <see cref="Priority.Unknown"/> when missing or not one of Falco's.</summary>
    public Priority Priority => _parts.Priority;

    /// <summary>The priority as it was sent; empty when missing.</summary>
    public string PriorityText => _priorityText ??= _parts.PriorityText.Decode(Raw);

    /// <summary>The host of the sensor; empty when missing.</summary>
    public string Hostname => _hostname ??= _parts.Hostname.Decode(Raw);

    /// <summary>When it happened; null when missing or the zero time (year 1). Precise to 100 ns.</summary>
    public DateTimeOffset? Time => _parts.Time;

    /// <summary>The time as it was sent, with all its digits; null when missing.</summary>
    public string? TimeText => _parts.TimeText is { } slice ? slice.Decode(Raw) : null;

    /// <summary>The event source, such as <c>syscall</c> (also when missing) or <c>k8s_audit</c>.</summary>
    public string Source => _parts.Source;

    /// <summary>The output fields.</summary>
    public FieldMap OutputFields => _parts.Fields;

    /// <summary>The tags that are strings, in order.</summary>
    public ImmutableArray<string> Tags => _parts.Tags;

    /// <summary>The id that Falcosidekick gave the event; null when missing. For correlation only.</summary>
    public string? Uuid => _parts.Uuid is { } slice ? slice.Decode(Raw) : null;

    /// <summary>Whether rule, priority, time or output is missing or empty.</summary>
    public bool IsIncomplete =>
        Rule.Length == 0 || _parts.PriorityText.Length == 0 || Time is null || _parts.Output.Length == 0;

    /// <summary>The pod: of a system call, else the one an API call names. Null when none is usable.</summary>
    public string? PodName => SyscallPod.Of(OutputFields).Name ?? FirstUsable(WellKnownFields.TargetPodName, WellKnownFields.TargetName);

    /// <summary>Whether <see cref="PodName"/> is from a field that names pods only; <c>ka.target.name</c> names any object.</summary>
    public bool NamesPod => (SyscallPod.Of(OutputFields).Name ?? FirstUsable(WellKnownFields.TargetPodName)) is not null;

    /// <summary>The namespace of the pod or of the target of an API call. Null when none is usable.</summary>
    public string? Namespace => SyscallPod.Of(OutputFields).Namespace ?? FirstUsable(WellKnownFields.TargetNamespace);

    /// <summary>The name of the object an API call is about. Null when not usable.</summary>
    public string? TargetName => FirstUsable(WellKnownFields.TargetName);

    /// <summary>The namespace of the object an API call is about. Null when not usable.</summary>
    public string? TargetNamespace => FirstUsable(WellKnownFields.TargetNamespace);

    /// <summary>The kind of the object an API call is about, plural and in lower case. Null when not usable.</summary>
    public string? TargetResource => FirstUsable(WellKnownFields.TargetResource);

    /// <summary>The remote address of the connection, else the server's. Null when none is usable.</summary>
    public string? RemoteIp => FirstUsable(WellKnownFields.RemoteIp, WellKnownFields.ServerIp);

    /// <summary>The remote port of the connection, else the server's. Null when none is usable.</summary>
    public string? RemotePort => FirstUsable(WellKnownFields.RemotePort, WellKnownFields.ServerPort);

    /// <summary>The remote protocol of the connection, else the server's. Null when none is usable.</summary>
    public string? RemoteProtocol => FirstUsable(WellKnownFields.RemoteProtocol, WellKnownFields.ServerProtocol);

    /// <summary>The id of the container, usually its first 12 hex digits. Null for <c>host</c> and when not usable.</summary>
    public string? ContainerId => FirstUsable(WellKnownFields.ContainerId) is { } id && id != "host" ? id : null;

    /// <summary>The uid of the pod. Null when not usable.</summary>
    public string? PodUid => SyscallPod.Of(OutputFields).Uid;

    /// <summary>The same event over its own copy of the body, for whoever keeps it longer than the memory the parser was given.</summary>
    public FalcoEvent Detach()
    {
        ReadOnlyMemory<byte> copy = Raw.ToArray();
        return new FalcoEvent(_parts with { Raw = copy, Fields = _parts.Fields.Over(copy) });
    }

    /// <summary>
    /// Writes the event as payload for functions and webhooks: one object with the ten keys of the original, always all of
    /// them and in its order; what is absent is null. The sender's own context and trace id are not in it.
    /// </summary>
    public void WriteTo(IBufferWriter<byte> destination, string traceId, IReadOnlyDictionary<string, string>? context = null)
    {
        using var writer = new Utf8JsonWriter(destination, PayloadOptions);
        WriteTo(writer, traceId, context);
    }

    /// <summary>The same, into a writer of the caller, who decides how it escapes.</summary>
    public void WriteTo(Utf8JsonWriter writer, string traceId, IReadOnlyDictionary<string, string>? context = null)
    {
        writer.WriteStartObject();
        writer.WriteString("trace_id", traceId);
        writer.WriteString("output", Output);
        writer.WriteString("priority", PriorityText);
        writer.WriteString("rule", Rule);
        writer.WriteString("hostname", Hostname);
        writer.WriteString("time", TimeText ?? "0001-01-01T00:00:00Z");
        writer.WriteString("source", Source);
        WriteFields(writer);
        WriteContext(writer, context);
        writer.WritePropertyName("tags");
        if (_parts.RawTags is { } tags)
        {
            JsonCopy.Write(tags.Of(Raw), writer);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>Whether the host equals a text, without decoding it where it is not escaped.</summary>
    internal bool HostnameEquals(string text, ReadOnlySpan<byte> utf8Text) => _parts.Hostname.IsEscaped
        ? Hostname == text
        : _parts.Hostname.Of(Raw).SequenceEqual(utf8Text);

    private static void WriteContext(Utf8JsonWriter writer, IReadOnlyDictionary<string, string>? context)
    {
        if (context is null)
        {
            writer.WriteNull("context");
            return;
        }

        writer.WriteStartObject("context");
        foreach (var (key, value) in context)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private void WriteFields(Utf8JsonWriter writer)
    {
        if (!_parts.HasFields)
        {
            writer.WriteNull("output_fields");
            return;
        }

        writer.WriteStartObject("output_fields");
        for (int i = 0; i < OutputFields.Count; i++)
        {
            writer.WritePropertyName(OutputFields.NameAt(i));
            if (OutputFields.KindAt(i) == FieldKind.Text)
            {
                writer.WriteStringValue(OutputFields.ValueAt(i).Literal);
            }
            else
            {
                JsonCopy.Write(OutputFields.JsonAt(i), writer);
            }
        }

        writer.WriteEndObject();
    }

    private string? FirstUsable(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (OutputFields.GetSetText(name) is { } text)
            {
                return text;
            }
        }

        return null;
    }
}
