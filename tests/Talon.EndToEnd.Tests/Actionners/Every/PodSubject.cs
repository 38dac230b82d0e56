using k8s;
using k8s.Models;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners.Every;

/// <summary>A pod.</summary>
internal sealed class PodSubject : Subject
{
    private readonly ActionnerRow _row;
    private readonly V1Pod _pod;
    private DateTimeOffset? _time;

    private PodSubject(ClusterRig rig, ActionnerRow row, V1Pod pod)
        : base(rig, row, pod.Metadata.Name) => (_row, _pod) = (row, pod);

    public static async Task<PodSubject> AddAsync(ClusterRig rig, ActionnerRow row, string name)
    {
        var pod = await AddPodAsync(rig, row, name);
        if (row.OnNode)
        {
            await rig.NodeOfAsync(pod);
        }

        return new PodSubject(rig, row, pod);
    }

    public override async Task RemoveAsync() =>
        await Rig.Client.CoreV1.DeleteNamespacedPodAsync(Name, Rig.Namespace, gracePeriodSeconds: 0);

    public override async Task ReplaceAsync()
    {
        _time = FalcoBody.Now;
        await RemoveAsync();
        await AddPodAsync(Rig, _row, Name);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_row.OnNode)
        {
            await Rig.UncordonAsync(_pod.Spec.NodeName);
        }
    }

    protected override string Plural => "pods";

    protected override string? RequestName => _row.OnNode ? _pod.Spec.NodeName : base.RequestName;

    protected override Task<PostedEvent> PostAsync(string rule) => Rig.PostAsync(_time ?? FalcoBody.Now, rule, _pod, ("fd.rip", "203.0.113.7"));

    private static Task<V1Pod> AddPodAsync(ClusterRig rig, ActionnerRow row, string name) =>
        row.Shell ? rig.AddShellPodAsync(name)
        : row.Prints ? rig.AddPrintingPodAsync(name, ("main", "a line\n"))
        : rig.AddLabelledPodAsync(name);
}
