using Akka.Actor.Setup;

namespace Talon.Cluster.Journal;

/// <summary>An open journal: its database is there, checked, and has its tables.</summary>
internal interface IJournal : IDisposable
{
    /// <summary>The file of <c>hocon/</c> with Akka's settings for this kind of database.</summary>
    string HoconFile { get; }

    /// <summary>Whether it belongs to this process alone, so that any earlier writer has ended.</summary>
    bool IsExclusive { get; }

    /// <summary>What Akka needs to reach the database.</summary>
    Setup CreateSetup();

    /// <summary>Checks that two facts cannot share a sequence number: the fence between two writers.</summary>
    /// <exception cref="JournalException">The unique index is missing.</exception>
    void VerifyFence();
}
