using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Http;
using CloudNative.CloudEvents.SystemTextJson;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.Webhook;

/// <summary>A record as an event of CloudEvents 1.0. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md</summary>
internal static class CloudEventBody
{
    private const string TypePrefix = "org.falcosecurity.talon.";

    private static readonly Uri Source = new("urn:falcosecurity:talon");

    /// <summary>The body with its headers.</summary>
    /// <param name="isBinary">Whether the attributes stand in headers.</param>
    public static HttpContent Make(Notification record, bool isBinary)
    {
        using var data = JsonDocument.Parse(RecordJson.ToUtf8(record));
        var cloudEvent = new CloudEvent(CloudEventsSpecVersion.V1_0)
        {
            Id = record.Id,
            Source = Source,
            Type = TypePrefix + record.Kind,
            Time = record.At,
            Subject = record.Rule.Length > 0 ? record.Rule : null,
            DataContentType = "application/json",
            Data = data.RootElement,
        };
        return cloudEvent.ToHttpContent(isBinary ? ContentMode.Binary : ContentMode.Structured, new JsonEventFormatter());
    }
}
