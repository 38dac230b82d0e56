using System.Buffers;
using System.Threading.Channels;
using Talon.Actors.Telemetry;

namespace Talon.Host.Logging;

/// <summary>
/// The log on standard output. Callers only put a line into a bounded queue; a separate thread formats and writes. When the
/// queue is full (8,192 lines or 16 Mi characters, because nobody reads the output) lines are dropped and counted, and so is
/// a line that cannot be formatted.
/// Disposing writes what is queued, for at most 5 s.
/// </summary>
internal sealed class TalonLog : ITalonLog, IAsyncDisposable
{
    private const int MaxLines = 8_192;
    private const long MaxCharacters = 16L * 1024 * 1024;
    private const int FlushAt = 32 * 1024;
    private static readonly TimeSpan FlushDeadline = TimeSpan.FromSeconds(5);

    private readonly Channel<LogEntry> _queue = Channel.CreateBounded<LogEntry>(
        new BoundedChannelOptions(MaxLines) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Stream _output;
    private readonly ILogLineFormatter _formatter;
    private readonly TimeProvider _time;
    private readonly Task _writer;
    private long _characters;
    private long _dropped;

    public TalonLog(Stream output, ILogLineFormatter formatter, TimeProvider time)
    {
        _output = output;
        _formatter = formatter;
        _time = time;
        _writer = Task.Factory.StartNew(WriteAllAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>How many lines were dropped since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The formatter for a setting.</summary>
    /// <param name="noColor">Whether <c>NO_COLOR</c> is set.</param>
    public static ILogLineFormatter FormatterFor(LogFormat format, bool noColor) => format switch
    {
        LogFormat.Json => new JsonLogLineFormatter(),
        LogFormat.Text => new ConsoleLogLineFormatter(color: false),
        _ => new ConsoleLogLineFormatter(color: !noColor),
    };

    public void Write(LogLine line) => Write(line, logger: null);

    /// <summary>Writes a line of the framework.</summary>
    public void Write(LogLine line, string? logger)
    {
        var entry = new LogEntry(line, _time.GetUtcNow(), logger);
        int size = entry.Size;
        if (Interlocked.Add(ref _characters, size) > MaxCharacters || !_queue.Writer.TryWrite(entry))
        {
            Interlocked.Add(ref _characters, -size);
            Interlocked.Increment(ref _dropped);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        try
        {
            await _writer.WaitAsync(FlushDeadline, _time);
        }
        catch (TimeoutException)
        {
            // Nobody reads the output: the process must end all the same.
        }
    }

    private async Task WriteAllAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(FlushAt * 2);
        var line = new ArrayBufferWriter<byte>(1024);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryRead(out var entry))
            {
                Interlocked.Add(ref _characters, -entry.Size);
                Format(entry, line, buffer);
                if (buffer.WrittenCount >= FlushAt)
                {
                    Flush(buffer);
                }
            }

            Flush(buffer);
        }
    }

    // Formatted apart first: a line that fails half-way must not be written in part.
    private void Format(in LogEntry entry, ArrayBufferWriter<byte> line, ArrayBufferWriter<byte> buffer)
    {
        line.ResetWrittenCount();
        try
        {
            _formatter.Format(entry, line);
            buffer.Write(line.WrittenSpan);
        }
        catch (Exception)
        {
            // Whatever is wrong with one line, the next ones must come out, and there is nowhere else to tell it.
            Interlocked.Increment(ref _dropped);
        }
    }

    private void Flush(ArrayBufferWriter<byte> buffer)
    {
        try
        {
            _output.Write(buffer.WrittenSpan);
            _output.Flush();
        }
        catch (IOException)
        {
            // The reader of the output has gone (a closed pipe): the lines are lost, Talon goes on.
            Interlocked.Increment(ref _dropped);
        }

        buffer.ResetWrittenCount();
    }
}
