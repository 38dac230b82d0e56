using System.Collections.Immutable;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Sql.Journal;

namespace Talon.FaultHost;

/// <summary>
/// The SQL journal with a fault point before or after the commit of a batch that holds a fact of one kind. Made by Akka; the
/// setting <c>fault</c> of the plug-in says which.
/// </summary>
public sealed class FaultJournal : SqlWriteJournal
{
    private readonly FaultPoint _point;
    private readonly SuddenDeath _death;

    /// <summary>Made by Akka.</summary>
    public FaultJournal(Config config)
        : base(config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (!FaultPoint.TryParse(config.GetString("fault"), out var point, out string? problem) || point is not { IsCall: false })
        {
            throw new ArgumentException(problem ?? "no fault point of a commit", nameof(config));
        }

        _point = point;
        _death = new SuddenDeath(point.Occurrence);
    }

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var batch = messages.ToImmutableArray();
        bool dies = false;
        foreach (var _ in batch.SelectMany(write => (IImmutableList<IPersistentRepresentation>)write.Payload).Where(IsMeant))
        {
            dies |= _death.IsDue();
        }

        if (dies && _point.Before)
        {
            await SuddenDeath.DieAsync();
        }

        var result = await base.WriteMessagesAsync(batch, cancellationToken);
        if (dies)
        {
            await SuddenDeath.DieAsync();
        }

        return result;
    }

    private bool IsMeant(IPersistentRepresentation fact) =>
        (fact.Payload is Tagged tagged ? tagged.Payload : fact.Payload).GetType().Name == _point.Subject;
}
