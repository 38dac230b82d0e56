using Talon.Actors.Pipeline;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Outputs.LocalFile;

/// <summary>Turns what a file system refuses into failures.</summary>
internal static class FileFailures
{
    // errno of Linux; .NET hands on what it has no exception of its own for.
    private const int NoSuchFile = 2;
    private const int AccessDenied = 13;
    private const int NotPermitted = 1;
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int Quota = 122;

    // The same two on Windows: ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL as HRESULT.
    private const int WindowsHandleFull = unchecked((int)0x80070027);
    private const int WindowsFull = unchecked((int)0x80070070);

    /// <summary>Whether a file system is expected to throw it.</summary>
    public static bool IsExpected(Exception exception) => exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>
    /// A full or broken disk may recover while the action is retried, for instance when other actions give up the files that they
    /// were writing; a folder that is gone or closed stays so until a person steps in.
    /// </summary>
    public static ActionOutcome.Failed From(string doing, Exception exception) => exception switch
    {
        DirectoryNotFoundException or FileNotFoundException => Failed(FailureKind.NotFound, doing, "the folder does not exist any more"),
        UnauthorizedAccessException => Failed(FailureKind.Forbidden, doing, "the user that Talon runs as may not write there"),
        IOException { HResult: NoSuchFile } => Failed(FailureKind.NotFound, doing, "the folder does not exist any more"),
        IOException { HResult: AccessDenied or NotPermitted } => Failed(FailureKind.Forbidden, doing, "the user that Talon runs as may not write there"),
        IOException { HResult: ReadOnly } => Failed(FailureKind.Forbidden, doing, "the file system is read-only"),
        IOException { HResult: NoSpace or Quota or WindowsHandleFull or WindowsFull } => Failed(FailureKind.ServerError, doing, "the disk is full"),
        IOException => Failed(FailureKind.ServerError, doing, OneLine.From(exception.Message)),
        _ => Failed(FailureKind.Invalid, doing, OneLine.From(exception.Message)),
    };

    public static ActionOutcome.Failed Failed(FailureKind kind, string doing, string why) => new(kind, $"cannot {doing}: {why}", Objects.None);
}
