using System.Buffers;
using System.Text;
using Talon.Rules.Events;

namespace Talon.Rules.Tests.Events;

internal static class Payload
{
    public static string Of(FalcoEvent falcoEvent, IReadOnlyDictionary<string, string>? context = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        falcoEvent.WriteTo(buffer, "trace", context);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
