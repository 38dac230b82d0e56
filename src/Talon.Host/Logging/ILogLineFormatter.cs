using System.Buffers;

namespace Talon.Host.Logging;

/// <summary>Writes one log line as bytes, with the line feed at its end. Called from one thread at a time.</summary>
internal interface ILogLineFormatter
{
    void Format(in LogEntry entry, IBufferWriter<byte> output);
}
