using Talon.Actors.Actionners.Captures.Sysdig;
using Talon.Actors.Actionners.Captures.Tcpdump;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Tests.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Actionners.Captures;

/// <summary>The parameters of tcpdump and sysdig.</summary>
public sealed class CaptureParametersTests
{
    private const string BadSocket =
        "parameter 'runtime_socket': must be the absolute path of a socket: letters, digits, '.', '-' and '_' between single slashes, at most 107";

    [Theory]
    [InlineData("kubernetes:tcpdump", "{}")]
    [InlineData("kubernetes:tcpdump", "{duration: 1, snaplen: 0, image: \"example.com/tcpdump:4\", container: app}")]
    [InlineData("kubernetes:tcpdump", "{duration: 300, snaplen: 262144}")]
    [InlineData("kubernetes:tcpdump", "{duration: 0}")]
    [InlineData("kubernetes:tcpdump", "{image_wait: 1, max_size: \"1\"}")]
    [InlineData("kubernetes:tcpdump", "{image_wait: 300, max_size: 10Gi}")]
    [InlineData("kubernetes:sysdig", "{duration: 0, buffer_size: 0}")]
    [InlineData("kubernetes:sysdig", "{runtime_socket: /run/k3s/containerd/containerd.sock}")]
    [InlineData("kubernetes:sysdig", "{}")]
    [InlineData("kubernetes:sysdig", "{duration: 1, buffer_size: 128, scope: node, image: sysdig, namespace: captures}")]
    [InlineData("kubernetes:sysdig", "{duration: 30, buffer_size: 65000, scope: pod}")]
    public void Parameters_Right_AreTaken(string actionner, string parameters) => Assert.Empty(ParameterTrial.Problems(actionner, parameters));

    [Theory]
    [InlineData("kubernetes:tcpdump", "{duration: -1}", "parameter 'duration': must be from 1 to 300 seconds; leave it out for 5")]
    [InlineData("kubernetes:tcpdump", "{duration: 301}", "parameter 'duration': must be from 1 to 300 seconds; leave it out for 5")]
    [InlineData("kubernetes:tcpdump", "{duration: 5s}", "write the digits without quotes and unit")]
    [InlineData("kubernetes:tcpdump", "{duration: 5.5}", "write it without a fraction")]
    [InlineData("kubernetes:tcpdump", "{snaplen: -1}", "parameter 'snaplen': must be from 0 to 262144 bytes")]
    [InlineData("kubernetes:tcpdump", "{snaplen: 262145}", "parameter 'snaplen': must be from 0 to 262144 bytes")]
    [InlineData(
        "kubernetes:tcpdump", "{image: \"\"}",
        "parameter 'image': must be the name of an image such as example.com/tools/tcpdump:4.99.5 or example.com/tools/tcpdump@sha256:<64 hex digits>")]
    [InlineData(
        "kubernetes:tcpdump", "{container: a_b}",
        "parameter 'container': must be the name of a container: lower-case letters, digits and '-', at most 63, with a letter or digit at both ends")]
    [InlineData("kubernetes:sysdig", "{duration: -1}", "parameter 'duration': must be from 1 to 30 seconds; leave it out for 5")]
    [InlineData("kubernetes:sysdig", "{duration: 31}", "parameter 'duration': must be from 1 to 30 seconds; leave it out for 5")]
    [InlineData("kubernetes:sysdig", "{buffer_size: 127}", "parameter 'buffer_size': must be from 128 to 65000 bytes; leave it out for 2048")]
    [InlineData("kubernetes:sysdig", "{buffer_size: 65001}", "parameter 'buffer_size': must be from 128 to 65000 bytes; leave it out for 2048")]
    [InlineData("kubernetes:sysdig", "{scope: cluster}", "parameter 'scope': must be pod or node")]
    [InlineData(
        "kubernetes:sysdig", "{image: Sysdig}",
        "parameter 'image': must be the name of an image such as example.com/tools/tcpdump:4.99.5 or example.com/tools/tcpdump@sha256:<64 hex digits>")]
    [InlineData("kubernetes:tcpdump", "{image_wait: 0}", "parameter 'image_wait': must be from 1 to 300 seconds")]
    [InlineData("kubernetes:sysdig", "{image_wait: 301}", "parameter 'image_wait': must be from 1 to 300 seconds")]
    [InlineData("kubernetes:tcpdump", "{max_size: 11Gi}", "parameter 'max_size': must be a number of bytes from 1 to 10Gi, such as 100Mi or \"4096\"")]
    [InlineData("kubernetes:sysdig", "{max_size: \"0\"}", "parameter 'max_size': must be a number of bytes from 1 to 10Gi, such as 100Mi or \"4096\"")]
    [InlineData("kubernetes:sysdig", "{runtime_socket: run/crio.sock}", BadSocket)]
    [InlineData("kubernetes:sysdig", "{runtime_socket: /}", BadSocket)]
    [InlineData("kubernetes:sysdig", "{runtime_socket: /run/../etc/shadow}", BadSocket)]
    [InlineData("kubernetes:sysdig", "{runtime_socket: \"/run/a b\"}", BadSocket)]
    [InlineData(
        "kubernetes:sysdig", "{namespace: a.b}",
        "parameter 'namespace': 'a.b' is not the name of a namespace: lower-case letters, digits and '-', at most 63, with a letter or digit at both ends")]
    public void Parameters_Wrong_AreRefusedWithAMessage(string actionner, string parameters, string message) =>
        Assert.EndsWith(message, Assert.Single(ParameterTrial.Problems(actionner, parameters)), StringComparison.Ordinal);

    [Fact]
    public void Read_Nothing_HasTheDocumentedDefaults()
    {
        Assert.Equal(
            new TcpdumpParameters(TimeSpan.FromSeconds(5), 4096, "docker.io/nicolaka/netshoot:v0.13", null, TimeSpan.FromSeconds(20), 100L << 20),
            TcpdumpParameters.Read(ParameterMap.Empty).Parameters);
        Assert.Equal(
            new SysdigParameters
            {
                Duration = TimeSpan.FromSeconds(5),
                BufferSize = 2048,
                Scope = SysdigScope.Pod,
                Image = "docker.io/sysdig/sysdig:0.38.1",
                Namespace = null,
                ImageWait = TimeSpan.FromSeconds(20),
                MaxSize = 100L << 20,
                RuntimeSocket = null,
            },
            SysdigParameters.Read(ParameterMap.Empty).Parameters);
    }

    [Fact]
    public void Read_EverythingGiven_IsTaken()
    {
        var shared = ParameterMap.Empty.With("duration", new ParameterValue.Whole(9)).With("image", new ParameterValue.Text("a/b"))
            .With("image_wait", new ParameterValue.Whole(60)).With("max_size", new ParameterValue.Text("1Gi"));
        Assert.True(NamespaceName.TryCreate("captures", out var captures));

        Assert.Equal(
            new TcpdumpParameters(TimeSpan.FromSeconds(9), 64, "a/b", "app", TimeSpan.FromSeconds(60), 1L << 30),
            TcpdumpParameters.Read(shared.With("snaplen", new ParameterValue.Whole(64)).With("container", new ParameterValue.Text("app"))).Parameters);
        Assert.Equal(
            new SysdigParameters
            {
                Duration = TimeSpan.FromSeconds(9),
                BufferSize = 256,
                Scope = SysdigScope.Node,
                Image = "a/b",
                Namespace = captures,
                ImageWait = TimeSpan.FromSeconds(60),
                MaxSize = 1L << 30,
                RuntimeSocket = "/run/k3s/containerd/containerd.sock",
            },
            SysdigParameters.Read(shared.With("buffer_size", new ParameterValue.Whole(256)).With("scope", new ParameterValue.Text("node"))
                .With("namespace", new ParameterValue.Text("captures"))
                .With("runtime_socket", new ParameterValue.Text("/run/k3s/containerd/containerd.sock"))).Parameters);
    }

    [Fact]
    public void Read_Zero_CountsAsNotGiven()
    {
        var zero = new ParameterValue.Whole(0);

        Assert.Equal(TcpdumpParameters.Read(ParameterMap.Empty).Parameters, TcpdumpParameters.Read(ParameterMap.Empty.With("duration", zero)).Parameters);
        Assert.Equal(
            SysdigParameters.Read(ParameterMap.Empty).Parameters,
            SysdigParameters.Read(ParameterMap.Empty.With("duration", zero).With("buffer_size", zero)).Parameters);
    }

    [Fact]
    public void Read_Problems_LeaveTheDefaults() => Assert.Equal(
        TimeSpan.FromSeconds(5), TcpdumpParameters.Read(ParameterMap.Empty.With("duration", new ParameterValue.Whole(long.MaxValue))).Parameters.Duration);
}
