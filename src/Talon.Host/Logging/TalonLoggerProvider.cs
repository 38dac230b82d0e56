using System.Text.RegularExpressions;
using Talon.Actors.Telemetry;

namespace Talon.Host.Logging;

/// <summary>
/// Brings the lines of ASP.NET Core and Akka, from warnings on, into the same stream, with the name of their logger in
/// <c>logger</c>. Lines of the start are held back until its end is known: a failure that Talon can explain in one line needs
/// none of them. Repeated lines are dropped for a minute.
/// </summary>
internal sealed partial class TalonLoggerProvider(TalonLog log, TimeProvider clock) : ILoggerProvider
{
    private const int MostHeld = 200;

    private readonly RepeatedLines _repeated = new(clock);
    private readonly Lock _gate = new();
    private List<(LogLine Line, string Logger)>? _held = [];
    private bool _silent;

    public ILogger CreateLogger(string categoryName) => new Adapter(this, categoryName);

    /// <summary>The start is over: from now on lines are written as they come.</summary>
    /// <param name="tell">Whether lines are written, those that were held back first; otherwise they are dropped, also those that Akka's logger brings late.</param>
    public void EndStart(bool tell)
    {
        List<(LogLine Line, string Logger)>? held;
        lock (_gate)
        {
            held = _held;
            _held = null;
            _silent = !tell;
        }

        if (!tell || held is null)
        {
            return;
        }

        foreach (var (line, logger) in held)
        {
            log.Write(line, logger);
        }
    }

    /// <summary>The log itself is closed by its owner, last of all.</summary>
    public void Dispose()
    {
    }

    private void Write(LogLine line, string logger)
    {
        lock (_gate)
        {
            if (_silent)
            {
                return;
            }

            if (_held is { Count: < MostHeld } held)
            {
                held.Add((line, logger));
                return;
            }
        }

        log.Write(line, logger);
    }

    private sealed partial class Adapter(TalonLoggerProvider owner, string category) : ILogger
    {
        private readonly string _message = category.StartsWith("Microsoft.", StringComparison.Ordinal) ? "host" : category == "Talon.Journal" ? "journal" : "akka";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            // Akka puts level, time and thread before its text and the exception after it: both stand in the line already.
            string text = AkkaHead().Replace(formatter(state, exception), "");
            string cause = exception is null || text.Contains(exception.Message, StringComparison.Ordinal) && text.Contains("\nCause: ", StringComparison.Ordinal)
                ? ""
                : $": {exception}";
            if (owner._repeated.MayTell(category, text + cause, out string? told))
            {
                owner.Write(
                    new LogLine(_message) { Level = logLevel == LogLevel.Warning ? LogLineLevel.Warn : LogLineLevel.Error, Error = told }, category);
            }
        }

        [GeneratedRegex(@"^\[[A-Z]+\]\[[^\]]*\]\[Thread \d+\]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
        private static partial Regex AkkaHead();
    }
}
