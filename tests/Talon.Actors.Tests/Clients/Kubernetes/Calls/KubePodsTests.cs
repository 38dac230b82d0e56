using System.Collections.Immutable;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Tests.Actionners;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Clients.Kubernetes.Calls;

public sealed class KubePodsTests
{
    [Fact]
    public async Task Writes_ProtectedNamespace_AreRefusedInThePortItself()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("kube-system", "dns-0");
        var (namespaceName, name) = Names("kube-system", "dns-0");

        var deleted = await rig.Ports.Kubernetes.Pods.DeleteAsync(namespaceName, name, pod.Uid, 0, ActionnerRig.Scope());
        var patched = await rig.Ports.Kubernetes.Pods.PatchMetadataAsync(namespaceName, name, Change(pod.Uid), ActionnerRig.Scope());

        foreach (var result in new[] { deleted, patched })
        {
            Assert.False(result.TryGet(out _, out var error));
            Assert.True(error.ProtectedNamespace);
        }

        Assert.Empty(rig.Server.Requests.All);
    }

    [Fact]
    public async Task Delete_OtherUid_SaysReplaced()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        var (namespaceName, name) = Names("shop", "cart-0");

        Assert.False((await rig.Ports.Kubernetes.Pods.DeleteAsync(namespaceName, name, "another", null, ActionnerRig.Scope())).TryGet(out _, out var error));

        Assert.True(error.Replaced);
        Assert.Equal(409, error.Code);
        Assert.Equal("Conflict", error.Reason);
        Assert.Equal(0, rig.Server.Effects.CountFor(pod.Uid));
    }

    [Fact]
    public async Task Delete_ConflictThatIsNotAboutTheUid_IsNotTakenForAReplacement()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Faults.Add(FaultRule.Answer(409, 1, "delete"));
        var (namespaceName, name) = Names("shop", "cart-0");

        Assert.False((await rig.Ports.Kubernetes.Pods.DeleteAsync(namespaceName, name, pod.Uid, null, ActionnerRig.Scope())).TryGet(out _, out var error));

        Assert.False(error.Replaced);
        Assert.False(error.AlreadyExists);
        Assert.Equal(FailureKind.Conflict, error.Kind);
    }

    [Fact]
    public async Task Delete_ConflictThatCannotBeLookedInto_IsWhatTheSecondLookSays()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Faults.Add(FaultRule.Answer(503, 1, "get"));
        var (namespaceName, name) = Names("shop", "cart-0");

        Assert.False((await rig.Ports.Kubernetes.Pods.DeleteAsync(namespaceName, name, "another", null, ActionnerRig.Scope())).TryGet(out _, out var error));

        Assert.False(error.Replaced);
        Assert.Equal(FailureKind.ServerError, error.Kind);
    }

    [Fact]
    public async Task Get_CredentialsRenewedInTheFile_IsATransientErrorOnce()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        var (namespaceName, name) = Names("shop", "cart-0");
        string right = await File.ReadAllTextAsync(rig.Kubeconfig);
        await File.WriteAllTextAsync(rig.Kubeconfig, right.Replace(ActionnerRig.Token, "wrong-one", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(rig.Kubeconfig, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.False((await rig.Ports.Kubernetes.Pods.GetAsync(namespaceName, name, ActionnerRig.Scope())).TryGet(out _, out var final));
        Assert.Equal(FailureKind.Unauthorized, final.Kind);

        await File.WriteAllTextAsync(rig.Kubeconfig, right);
        Assert.False((await rig.Ports.Kubernetes.Pods.GetAsync(namespaceName, name, ActionnerRig.Scope())).TryGet(out _, out var transient));
        Assert.Equal(FailureKind.Unreachable, transient.Kind);
        Assert.True((await rig.Ports.Kubernetes.Pods.GetAsync(namespaceName, name, ActionnerRig.Scope())).TryGet(out _, out _));
    }

    [Fact]
    public async Task Patch_OtherUid_SaysReplaced()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        var (namespaceName, name) = Names("shop", "cart-0");

        Assert.False((await rig.Ports.Kubernetes.Pods.PatchMetadataAsync(namespaceName, name, Change("another"), ActionnerRig.Scope())).TryGet(out _, out var error));

        Assert.True(error.Replaced);
        Assert.Equal(422, error.Code);
        Assert.Equal(0, rig.Server.Effects.CountFor(pod.Uid));
    }

    [Fact]
    public async Task Patch_OtherReasonFor422_DoesNotSayReplaced()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        var (namespaceName, name) = Names("shop", "cart-0");
        var change = Change(pod.Uid) with { Labels = Change(pod.Uid).Labels.Add("no label key", "x") };

        Assert.False((await rig.Ports.Kubernetes.Pods.PatchMetadataAsync(namespaceName, name, change, ActionnerRig.Scope())).TryGet(out _, out var error));

        Assert.False(error.Replaced);
        Assert.Equal(422, error.Code);
        Assert.Equal(FailureKind.Rejected, error.Kind);
    }

    [Fact]
    public async Task Get_AnswerLargerThanTheBound_IsAServerError()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed
        {
            Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["big"] = new string('x', 100_000) },
        });
        using var small = rig.ConnectAgain(maxAnswerBytes: 50_000);
        var (namespaceName, name) = Names("shop", "cart-0");

        Assert.False((await small.Ports.Pods.GetAsync(namespaceName, name, ActionnerRig.Scope())).TryGet(out _, out var error));

        Assert.Equal(FailureKind.ServerError, error.Kind);
        Assert.Contains("larger", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Selector_GivesThePodsOfTheNamespaceThatFit()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddReplicaSet("shop", "web", 3);
        rig.Server.Store.AddReplicaSet("other", "web", 2);
        rig.Server.Store.AddPod("shop", "cart-0");
        Assert.True(LabelSelector.TryCreate(
            new k8s.Models.V1LabelSelector { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "web" } }, out var selector));

        Assert.True((await rig.Ports.Kubernetes.Pods.ListAsync(Names("shop", "x").Namespace, selector, ActionnerRig.Scope())).TryGet(out var pods, out _));

        Assert.Equal(3, pods.Count);
    }

    private static MetadataChange Change(string uid)
    {
        var none = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);
        return new MetadataChange(uid, none.Add("suspicious", "true"), none);
    }

    private static (NamespaceName Namespace, KubeName Name) Names(string namespaceText, string nameText) =>
        NamespaceName.TryCreate(namespaceText, out var namespaceName) && KubeName.TryCreate(nameText, out var name)
            ? (namespaceName, name)
            : throw new ArgumentException($"{namespaceText}/{nameText}");
}
