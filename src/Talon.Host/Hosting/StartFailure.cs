using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Talon.Cluster;
using Talon.Cluster.Journal;
using Talon.Host.Configuration;

namespace Talon.Host.Hosting;

/// <summary>Says in one line why the server did not start.</summary>
internal static class StartFailure
{
    /// <summary>The subject of the log line and its text. A failure that nobody foresaw is told with its stack trace.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="options">The configuration.</param>
    public static (string Message, string Error) Describe(Exception failure, TalonOptions options)
    {
        var causes = Causes(failure).ToList();
        if (causes.OfType<ClusterStartException>().FirstOrDefault() is { } cluster)
        {
            return ("cluster", cluster.Message);
        }

        if (causes.OfType<JournalException>().FirstOrDefault() is { } journal)
        {
            return ("journal", journal.Message);
        }

        var socket = causes.OfType<SocketException>().FirstOrDefault();
        bool isIngress = failure is IOException || causes.OfType<AddressInUseException>().Any() || failure is SocketException;
        string ingress = $"{options.ListenAddress}:{options.ListenPort} (listen_address, listen_port)";
        string remoting = $"{options.ClusterHost}:{options.ClusterPort} (cluster.host, cluster.port)";
        string place = isIngress ? ingress : remoting;
        string message = isIngress ? "http" : "cluster";
        bool inUse = causes.OfType<AddressInUseException>().Any() || socket?.SocketErrorCode == SocketError.AddressAlreadyInUse;
        return (inUse, socket?.SocketErrorCode) switch
        {
            (true, _) => (message, $"{place} is already in use by another process"),
            (_, SocketError.AccessDenied) => (message, $"{place}: no right to listen there"),
            (_, SocketError.AddressNotAvailable) => (message, $"{place}: this machine has no such address"),
            _ => ("init", $"the server did not start: {failure}"),
        };
    }

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        yield return failure;
        var inner = failure is AggregateException many ? many.InnerExceptions : failure.InnerException is { } one ? [one] : (IReadOnlyList<Exception>)[];
        foreach (var cause in inner.SelectMany(Causes))
        {
            yield return cause;
        }
    }
}
