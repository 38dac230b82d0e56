using k8s;
using k8s.Models;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners.Every;

/// <summary>A config map, about which the audit log of Kubernetes tells.</summary>
internal sealed class ConfigMapSubject : Subject
{
    private DateTimeOffset? _time;

    private ConfigMapSubject(ClusterRig rig, ActionnerRow row, string name)
        : base(rig, row, name)
    {
    }

    public static async Task<ConfigMapSubject> AddAsync(ClusterRig rig, ActionnerRow row, string name)
    {
        await AddAsync(rig, name);
        return new ConfigMapSubject(rig, row, name);
    }

    public override async Task RemoveAsync() => await Rig.Client.CoreV1.DeleteNamespacedConfigMapAsync(Name, Rig.Namespace);

    public override async Task ReplaceAsync()
    {
        // No uid is in the event; what is so much younger than it is another object.
        _time = FalcoBody.Now.AddMinutes(-1);
        await RemoveAsync();
        await AddAsync(Rig, Name);
    }

    protected override string Plural => "configmaps";

    protected override Task<PostedEvent> PostAsync(string rule) => Rig.PostAuditAsync(rule, "configmaps", Name, Rig.Namespace, _time);

    private static Task<V1ConfigMap> AddAsync(ClusterRig rig, string name) =>
        rig.Client.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name } }, rig.Namespace);
}
