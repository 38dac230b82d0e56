using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Talon.Actors.Plugins;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Host.Configuration;

namespace Talon.Host.Composition;

/// <summary>Says why the server did not start: in one line, where the cause lies outside of Talon.</summary>
internal static class StartFailure
{
    // Numbers of Linux and of SQLite.
    private const int Locked = 11;
    private const int NoSpaceLeft = 28;
    private const int SqlitePermission = 3;
    private const int SqliteReadOnly = 8;
    private const int SqliteCannotOpen = 14;

    /// <summary>The subject of the log line and its text; null when the failure was not foreseen.</summary>
    public static (string Message, string Error)? Describe(Exception failure, TalonOptions options)
    {
        string place = $"{options.ListenAddress}:{options.ListenPort}";
        return (failure, SocketErrorOf(failure)) switch
        {
            (SettingException, _) => ("config", failure.Message),
            (ClusterStartException, _) => ("cluster", failure.Message),
            (JournalException { InnerException: { } cause }, _) when !options.Journal.IsPostgreSql && IsUnwritable(cause) =>
                ("journal", NoFolder(options.Journal.Path, cause)),
            (JournalException, _) => ("journal", failure.Message),
            (_, SocketError.AddressAlreadyInUse) => ("http", $"{place} is in use by another process; stop it, or set listen_port to a free one"),
            (_, SocketError.AccessDenied) => ("http", $"{place}: no right to listen there; ports below 1024 need a privilege, set listen_port to a higher one"),
            (_, SocketError.AddressNotAvailable) => ("http", $"{place}: this machine has no such address; check listen_address"),
            _ => null,
        };
    }

    // The Deployment of the original mounts nothing, and images are read-only or owned by root: the commonest first start.
    private static string NoFolder(string path, Exception cause) =>
        $"the journal folder {path} cannot be used: {cause.Message.TrimEnd('.')}; mount a volume at {path} that Talon's user may write "
        + "(in Kubernetes an emptyDir to try Talon out, a PersistentVolumeClaim so that accepted events outlive the pod, and securityContext.fsGroup for a user "
        + "that is not root), or set journal.path (JOURNAL_PATH) to a folder that may be written";

    // A full disk, a lock that another process holds and a damaged file are no matter of the folder.
    private static bool IsUnwritable(Exception cause) => cause switch
    {
        UnauthorizedAccessException => true,
        IOException io => io.HResult is not (NoSpaceLeft or Locked),
        SqliteException sqlite => sqlite.SqliteErrorCode is SqlitePermission or SqliteReadOnly or SqliteCannotOpen,
        _ => false,
    };

    private static SocketError? SocketErrorOf(Exception? failure) => failure switch
    {
        null => null,
        SocketException socket => socket.SocketErrorCode,
        _ => SocketErrorOf(failure.InnerException),
    };
}
