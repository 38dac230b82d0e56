using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;

namespace Talon.Actors.Clients.Kubernetes.Connection;

/// <summary>
/// Writes times with six digits of a second. The converter of the library leaves the fraction out of a whole second, which the API
/// refuses where it asks for microseconds (events, leases); it takes them everywhere else too.
/// </summary>
internal sealed class MicroTimeConverter : JsonConverter<DateTime>
{
    private static readonly KubernetesJson.KubernetesDateTimeConverter Library = new();

    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Library.Read(ref reader, typeToConvert, options);

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
}
