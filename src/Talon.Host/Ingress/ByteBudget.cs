namespace Talon.Host.Ingress;

/// <summary>How many bytes of event bodies this node holds at one time. A sender that gets no room is refused at once.</summary>
internal sealed class ByteBudget(long limit)
{
    private long _used;

    /// <summary>The bytes held now.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Takes some bytes, or none.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
