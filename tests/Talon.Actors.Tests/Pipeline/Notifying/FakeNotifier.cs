using System.Collections.Concurrent;
using System.Collections.Immutable;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Pipeline.Notifying;

/// <summary>A notifier whose answers a test supplies, with a record of what it was told.</summary>
internal sealed class FakeNotifier(string name, int batchSize = 1) : INotifier
{
    private int _calls;

    public ConcurrentQueue<Func<ImmutableArray<Notification>, NotifyResult>> Answers { get; } = new();

    public Func<ImmutableArray<Notification>, NotifyResult>? Always { get; init; }

    public bool Hangs { get; init; }

    public int Calls => _calls;

    public ConcurrentQueue<Notification> Delivered { get; } = new();

    /// <summary>The batches of all calls.</summary>
    public ConcurrentQueue<ImmutableArray<Notification>> Batches { get; } = new();

    public int BatchSize => batchSize;

    public NotifierDescriptor Descriptor { get; } = new()
    {
        Name = name,
        Description = "A fake.",
        Settings = ParameterSchema.None,
        Permissions = "",
        Example = "",
    };

    public async Task<NotifyResult> SendAsync(ImmutableArray<Notification> batch, CancellationToken cancellationToken)
    {
        Batches.Enqueue(batch);
        Interlocked.Increment(ref _calls);
        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }

        if (Always is not null)
        {
            return Always(batch);
        }

        if (Answers.TryDequeue(out var answer))
        {
            return answer(batch);
        }

        foreach (var notification in batch)
        {
            Delivered.Enqueue(notification);
        }

        return new NotifyResult.Delivered();
    }
}
