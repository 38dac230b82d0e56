using System.Net.Sockets;
using Talon.Cluster;
using Talon.Cluster.Journal;
using Talon.Host.Configuration;

namespace Talon.Host.Hosting;

/// <summary>Says why the server did not start: in one line, where the cause lies outside of Talon.</summary>
internal static class StartFailure
{
    /// <summary>The subject of the log line and its text; null when the failure was not foreseen.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="options">The configuration.</param>
    public static (string Message, string Error)? Describe(Exception failure, TalonOptions options)
    {
        string place = $"{options.ListenAddress}:{options.ListenPort}";
        return (failure, SocketErrorOf(failure)) switch
        {
            (ClusterStartException, _) => ("cluster", failure.Message),
            (JournalException, _) => ("journal", failure.Message),
            (_, SocketError.AddressAlreadyInUse) => ("http", $"{place} is in use by another process; stop it, or set listen_port to a free one"),
            (_, SocketError.AccessDenied) => ("http", $"{place}: no right to listen there; ports below 1024 need a privilege, set listen_port to a higher one"),
            (_, SocketError.AddressNotAvailable) => ("http", $"{place}: this machine has no such address; check listen_address"),
            _ => null,
        };
    }

    private static SocketError? SocketErrorOf(Exception? failure) => failure switch
    {
        null => null,
        SocketException socket => socket.SocketErrorCode,
        _ => SocketErrorOf(failure.InnerException),
    };
}
