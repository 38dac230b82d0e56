namespace Talon.Rules.Events;

/// <summary>
/// The pod whose process made a system call, as Falco's two sources of metadata name it: the container runtime (<c>k8s.*</c>) and,
/// where that says nothing, the plug-in k8smeta, which asks the API server. Name and namespace are taken from one source, so that
/// they never are those of two pods; a source is not used to complete another one that it contradicts.
/// </summary>
internal readonly record struct SyscallPod(string? Name, string? Namespace, string? Uid)
{
    public static SyscallPod Of(FieldMap fields)
    {
        var runtime = new SyscallPod(
            fields.GetSetText(WellKnownFields.PodName), fields.GetSetText(WellKnownFields.Namespace), fields.GetSetText(WellKnownFields.PodUid));
        var meta = new SyscallPod(
            fields.GetSetText(WellKnownFields.MetaPodName), fields.GetSetText(WellKnownFields.MetaNamespace), fields.GetSetText(WellKnownFields.MetaPodUid));
        if (Differ(runtime.Name, meta.Name) || Differ(runtime.Namespace, meta.Namespace) || Differ(runtime.Uid, meta.Uid))
        {
            return runtime;
        }

        bool isWhole = runtime.Name is not null && runtime.Namespace is not null;
        bool saysNothing = runtime.Name is null && runtime.Namespace is null;
        var named = saysNothing || (!isWhole && meta.Name is not null && meta.Namespace is not null) ? meta : runtime;

        // A uid can only forbid: that of another pod makes the named pod a stranger.
        return named with { Uid = runtime.Uid ?? meta.Uid };
    }

    private static bool Differ(string? one, string? other) => one is not null && other is not null && one != other;
}
