using Talon.Actors.Telemetry;

namespace Talon.Host.Logging;

/// <summary>Brings the lines of ASP.NET Core and Akka, from warnings on, into the same stream, with the name of their logger in <c>logger</c>.</summary>
internal sealed class TalonLoggerProvider(TalonLog log) : ILoggerProvider
{
    // The event id that Microsoft.Extensions.Hosting gives to a failed start.
    private const int HostedServiceStartupFaulted = 11;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Adapter(log, categoryName);

    /// <summary>The log itself is closed by its owner, last of all.</summary>
    public void Dispose()
    {
    }

    private sealed class Adapter(TalonLog log, string category) : ILogger
    {
        private readonly string _message = category.StartsWith("Microsoft.", StringComparison.Ordinal) ? "host" : "akka";

        // Whoever starts the host gets the same exception and tells it in one line.
        private bool IsToldElsewhere(EventId eventId) =>
            eventId.Id == HostedServiceStartupFaulted && category == "Microsoft.Extensions.Hosting.Internal.Host";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || IsToldElsewhere(eventId))
            {
                return;
            }

            string text = formatter(state, exception);
            log.Write(
                new LogLine(_message)
                {
                    Level = logLevel == LogLevel.Warning ? LogLineLevel.Warn : LogLineLevel.Error,
                    Error = exception is null ? text : $"{text}: {exception}",
                },
                category);
        }
    }
}
