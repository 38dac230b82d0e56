using System.Globalization;
using System.Text;

namespace Talon.KubeApi.Kubelet;

/// <summary>What the containers have printed. Thread-safe.</summary>
internal sealed class ContainerLogs
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Uid, string Container, bool Previous), List<Line>> _logs = [];

    private sealed record Line(byte[] Bytes, DateTimeOffset Time);

    public void Add(string uid, string container, ReadOnlySpan<byte> bytes, bool previous, DateTimeOffset time, bool replace)
    {
        lock (_gate)
        {
            var key = (uid, container, previous);
            if (replace || !_logs.TryGetValue(key, out var lines))
                _logs[key] = lines = [];
            while (!bytes.IsEmpty)
            {
                var end = bytes.IndexOf((byte)'\n');
                var length = end < 0 ? bytes.Length : end + 1;
                lines.Add(new Line(bytes[..length].ToArray(), time));
                bytes = bytes[length..];
            }
        }
    }

    public bool Has(string uid, string container, bool previous)
    {
        lock (_gate)
            return _logs.ContainsKey((uid, container, previous));
    }

    public byte[] Read(string uid, string container, bool previous, DateTimeOffset? since, long? tailLines, long? limitBytes, bool timestamps)
    {
        IReadOnlyList<Line> lines;
        lock (_gate)
            lines = _logs.TryGetValue((uid, container, previous), out var kept) ? [.. kept] : [];
        var wanted = lines.Where(l => since is null || l.Time >= since).ToList();
        if (tailLines < wanted.Count)
            wanted.RemoveRange(0, wanted.Count - (int)tailLines.Value);
        using var text = new MemoryStream();
        foreach (var line in wanted)
        {
            if (timestamps)
                text.Write(Encoding.ASCII.GetBytes(line.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z '", CultureInfo.InvariantCulture)));
            text.Write(line.Bytes);
        }

        return limitBytes < text.Length ? text.GetBuffer().AsSpan(0, (int)limitBytes.Value).ToArray() : text.ToArray();
    }
}
