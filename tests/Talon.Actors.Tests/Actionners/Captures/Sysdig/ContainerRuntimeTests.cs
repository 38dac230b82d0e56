using k8s.Models;
using Talon.Actors.Actionners.Captures.Sysdig;

namespace Talon.Actors.Tests.Actionners.Captures.Sysdig;

public sealed class ContainerRuntimeTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("containerd", "/run/containerd/containerd.sock", true)]
    [InlineData("cri-o", "/run/crio/crio.sock", true)]
    [InlineData("docker", "/var/run/docker.sock", false)]
    public void Of_KnownScheme_IsThatRuntime(string name, string socket, bool cri) =>
        Assert.Equal(new ContainerRuntime(name, socket, cri), ContainerRuntime.Of(Pod($"{name}://{Id}")));

    [Theory]
    [InlineData("rkt://" + Id)]
    [InlineData(Id)]
    [InlineData("containerd")]
    [InlineData("containerd:/" + Id)]
    [InlineData("Containerd://" + Id)]
    [InlineData("")]
    [InlineData(null)]
    public void Of_OtherIds_IsNone(string? id) => Assert.Null(ContainerRuntime.Of(Pod(id)));

    [Fact]
    public void Of_NoStatus_IsNone() => Assert.Null(ContainerRuntime.Of(new V1Pod()));

    [Fact]
    public void Of_FirstWithoutId_LooksAtTheNext() => Assert.Equal("cri-o", ContainerRuntime.Of(Pod(null, $"cri-o://{Id}"))!.Name);

    [Fact]
    public void Ids_OfEveryKindOfContainer_AreCutAndOnce()
    {
        var pod = Pod($"containerd://{Id}", $"containerd://{Id}");
        pod.Status.InitContainerStatuses = [new V1ContainerStatus { Name = "i", ContainerID = "containerd://AAAAAAAAAAAAAAAA" }];
        pod.Status.EphemeralContainerStatuses = [new V1ContainerStatus { Name = "e", ContainerID = "docker://bbbbbbbbbbbb" }];

        Assert.Equal("0123456789ab aaaaaaaaaaaa bbbbbbbbbbbb", string.Join(' ', ContainerRuntime.Ids(pod)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("containerd://")]
    [InlineData("containerd://0123456789a")]
    [InlineData("containerd://0123456789ax")]
    [InlineData("containerd://0123456789ab) or (proc.name=x")]
    [InlineData("://")]
    public void Ids_MissingShortOrNoDigits_AreSkipped(string? id) =>
        Assert.Equal("0123456789ab", Assert.Single(ContainerRuntime.Ids(Pod(id, $"containerd://{Id}"))));

    [Fact]
    public void Ids_NoStatus_AreNone() => Assert.Empty(ContainerRuntime.Ids(new V1Pod()));

    private static V1Pod Pod(params string?[] ids) => new()
    {
        Status = new V1PodStatus { ContainerStatuses = [.. ids.Select((id, i) => new V1ContainerStatus { Name = $"c{i}", ContainerID = id })] },
    };
}
