using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>One way in which people hear of outcomes. It is called by one pipeline only, one batch after the other.</summary>
public interface INotifier
{
    /// <summary>What is known of it before it runs.</summary>
    NotifierDescriptor Descriptor { get; }

    /// <summary>How many notifications one call takes at most, from 1.</summary>
    int BatchSize { get; }

    /// <summary>Delivers a batch. Expected failures are values.</summary>
    /// <param name="batch">The notifications, redacted; never empty.</param>
    /// <param name="cancellationToken">Ends the attempt; the caller sets a deadline.</param>
    Task<NotifyResult> SendAsync(ImmutableArray<Notification> batch, CancellationToken cancellationToken);
}
