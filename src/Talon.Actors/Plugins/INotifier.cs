using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>One way to tell people about outcomes. One pipeline calls it, one batch after the other.</summary>
public interface INotifier
{
    /// <summary>What is known of it before it runs.</summary>
    NotifierDescriptor Descriptor { get; }

    /// <summary>How many notifications one call takes at most, from 1.</summary>
    int BatchSize { get; }

    /// <summary>Delivers a batch. Expected failures are values; the pipeline sends what is left again when they allow it.</summary>
    /// <param name="batch">The notifications, redacted; never empty.</param>
    /// <param name="cancellationToken">Ends the attempt; the caller sets a deadline.</param>
    Task<NotifyResult> SendAsync(ImmutableArray<Notification> batch, CancellationToken cancellationToken);
}
