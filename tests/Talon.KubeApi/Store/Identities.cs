namespace Talon.KubeApi.Store;

/// <summary>Makes uids, container ids and the random end of generated names. Seeded: the same run makes the same ones.</summary>
internal sealed class Identities(Random random)
{
    /// <summary>The letters Kubernetes uses: no vowels, so that no words come up.</summary>
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    private readonly Lock _gate = new();

    public string Uid()
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes);
        bytes[7] = (byte)((bytes[7] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes).ToString("D");
    }

    public string Sha256()
    {
        Span<byte> bytes = stackalloc byte[32];
        Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    public string Suffix()
    {
        lock (_gate)
            return string.Create(5, random, static (span, r) =>
            {
                foreach (ref var c in span)
                    c = Letters[r.Next(Letters.Length)];
            });
    }

    private void Fill(Span<byte> bytes)
    {
        lock (_gate)
            random.NextBytes(bytes);
    }
}
