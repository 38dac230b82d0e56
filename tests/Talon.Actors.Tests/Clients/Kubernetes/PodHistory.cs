using k8s.Models;
using Talon.Rules.Events;

namespace Talon.Actors.Tests.Clients.Kubernetes;

/// <summary>
/// What really happened, made at random: pods of one name, one after the other, whose containers are started anew and whose kubelets
/// report late; what the API server shows of it at a moment; and an event of one of the containers.
/// </summary>
internal sealed class PodHistory
{
    private const double Reported = 6;

    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly Random _random;
    private readonly List<Life> _pods = [];
    private int _ids;

    public PodHistory(int seed)
    {
        _random = new Random(seed);
        double now = Between(1, 100);
        for (int i = 0; i < _random.Next(1, 4); i++)
        {
            var pod = new Life($"uid-{i}", now);
            for (int c = 0; c < _random.Next(1, 4); c++)
            {
                pod.Containers.Add(Live($"c{c}", now));
            }

            pod.Gone = pod.Containers.Max(container => container[^1].Start) + Between(0, 300);
            _pods.Add(pod);

            // A name is free again only when the pod is gone, and a creation time is cut to the second.
            now = pod.Gone + Between(0.01, 30);
        }
    }

    private sealed record Run(string Id, double Start, bool Counted);

    private sealed class Life(string uid, double created)
    {
        public string Uid { get; } = uid;

        public double Created { get; } = created;

        public double Gone { get; set; }

        public List<List<Run>> Containers { get; } = [];
    }

    /// <summary>An event, the pod that has its name when it is decided, and the truth.</summary>
    public sealed record Case(FalcoEvent Event, V1Pod Pod, DateTimeOffset AcceptedAt, DateTimeOffset Now, bool IsSame, bool HasUid, bool HasContainer, bool IsShown, bool ClockIsRight);

    public Case Pick()
    {
        int index = _random.Next(_pods.Count);
        var subject = _pods[index];
        var runs = subject.Containers[_random.Next(subject.Containers.Count)];
        int which = _random.Next(runs.Count);
        double end = which + 1 < runs.Count ? runs[which + 1].Start : subject.Gone;
        double happened = Between(runs[which].Start, end);
        double skew = _random.Next(3) == 0 ? Between(-600, 600) : Between(-0.9, 0.9);
        double accepted = happened + Between(0, _random.Next(3) == 0 ? 400 : 1);
        double now = accepted + Between(0, 30);
        var shown = _pods.Find(pod => pod.Created <= now && now < pod.Gone) ?? _pods[^1];
        now = Math.Max(now, shown.Created);
        bool hasUid = _random.Next(4) == 0;
        bool hasContainer = _random.Next(4) != 0;
        string id = runs[which].Id;
        var fields = new List<(string, object?)> { ("k8s.ns.name", "shop"), ("k8s.pod.name", "cart-0") };
        if (hasUid)
        {
            fields.Add(("k8s.pod.uid", subject.Uid));
        }

        fields.Add(("container.id", hasContainer ? id[..12] : "<NA>"));
        var snapshot = Snapshot(shown, now);
        bool isShown = snapshot.Status.ContainerStatuses.Any(status =>
            status.ContainerID == $"containerd://{id}" || status.LastState?.Terminated?.ContainerID == $"containerd://{id}");
        return new Case(
            TestEvents.Syscall(At(happened + skew), [.. fields]), snapshot, At(accepted), At(now), ReferenceEquals(shown, subject), hasUid, hasContainer, isShown,
            Math.Abs(skew) < 1);
    }

    private static DateTimeOffset At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    private static DateTime Cut(double seconds) => (Start + TimeSpan.FromSeconds(Math.Floor(seconds))).UtcDateTime;

    private double Between(double low, double high) => low + ((high - low) * _random.NextDouble());

    private List<Run> Live(string name, double created)
    {
        var runs = new List<Run>();
        double at = created + Between(0.2, 20);
        for (int i = 0; i < _random.Next(1, 5); i++)
        {
            // A node that is started anew may lose count.
            runs.Add(new Run($"{name.GetHashCode(StringComparison.Ordinal) & 0xff:x2}{++_ids:x10}{_random.NextInt64():x16}", at, _random.Next(10) != 0));
            at += Between(0.5, 200);
        }

        return runs;
    }

    private V1Pod Snapshot(Life pod, double now)
    {
        // One kubelet reports all at once, somewhat late.
        double seen = now - Between(0, Reported);
        return new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "cart-0", NamespaceProperty = "shop", Uid = pod.Uid, CreationTimestamp = Cut(pod.Created) },
            Spec = new V1PodSpec { RestartPolicy = "Always", Containers = [.. pod.Containers.Select((_, i) => new V1Container { Name = $"c{i}" })] },
            Status = new V1PodStatus { ContainerStatuses = [.. pod.Containers.Select((runs, i) => Status($"c{i}", [.. runs.Where(run => run.Start <= seen)]))] },
        };
    }

    private static V1ContainerStatus Status(string name, List<Run> runs)
    {
        if (runs.Count == 0)
        {
            return new V1ContainerStatus { Name = name, State = new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "ContainerCreating" } } };
        }

        int reset = runs.FindLastIndex(run => !run.Counted);
        int count = reset < 0 ? runs.Count - 1 : runs.Count - 1 - Math.Max(reset, 0);
        return new V1ContainerStatus
        {
            Name = name,
            ContainerID = $"containerd://{runs[^1].Id}",
            RestartCount = count,
            State = new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = Cut(runs[^1].Start) } },
            LastState = count == 0 ? null : new V1ContainerState
            {
                Terminated = new V1ContainerStateTerminated { ContainerID = $"containerd://{runs[^2].Id}", StartedAt = Cut(runs[^2].Start) },
            },
        };
    }
}
