using Talon.Actors.Actionners.Policies;
using Talon.Actors.Actionners.Policies.Calico;
using Talon.Actors.Actionners.Policies.Cilium;
using Talon.Actors.Actionners.Policies.Kubernetes;
using Talon.Actors.Tests.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Actionners.Policies;

/// <summary>The parameters of the three network policies.</summary>
public sealed class NetworkPolicyParametersTests
{
    [Theory]
    [InlineData("kubernetes:networkpolicy", "{}")]
    [InlineData("kubernetes:networkpolicy", "{allow_cidr: [10.0.0.0/8, \"2001:db8::/32\"], allow_namespaces: [monitoring], allow_dns: false}")]
    [InlineData("kubernetes:networkpolicy", "{allow_cidr: []}")]
    [InlineData("calico:networkpolicy", "{}")]
    [InlineData("calico:networkpolicy", "{allow_cidr: [10.0.0.0/8, \"2001:db8::/32\"], allow_namespaces: [monitoring], allow_dns: false}")]
    [InlineData("calico:networkpolicy", "{allow_cidr: []}")]
    [InlineData("cilium:networkpolicy", "{}")]
    [InlineData("cilium:networkpolicy", "{allow_cidr: [10.0.0.0/8, \"2001:db8::/32\"], allow_namespaces: [monitoring], allow_dns: false}")]
    [InlineData("cilium:networkpolicy", "{allow_cidr: []}")]
    [InlineData("calico:networkpolicy", "{order: -20}")]
    public void Parameters_Right_AreTaken(string actionner, string parameters) => Assert.Empty(ParameterTrial.Problems(actionner, parameters));

    [Theory]
    [InlineData(
        "kubernetes:networkpolicy", "{allow_cidr: [10.0.0.0/8, 10.0.0.0/33]}",
        "parameter 'allow_cidr': item 2: '10.0.0.0/33' is not a range of addresses; write one such as 10.0.0.0/8 or 2001:db8::/32")]
    [InlineData(
        "kubernetes:networkpolicy", "{allow_cidr: [\"2001:db8::1\"]}",
        "item 1: '2001:db8::1' is an address without a prefix length; for this address alone write 2001:db8::1/128")]
    [InlineData("kubernetes:networkpolicy", "{allow_cidr: 10.0.0.0/8}", "write a list, one '- item' a line or [item, item]")]
    [InlineData(
        "kubernetes:networkpolicy", "{allow_namespaces: [kube_system]}",
        "parameter 'allow_namespaces': item 1: 'kube_system' is not the name of a namespace: lower-case letters, digits and '-', at most 63, with a letter or digit at both ends")]
    [InlineData(
        "kubernetes:networkpolicy", "{allow_cidrs: [10.0.0.0/8]}",
        "unknown parameter 'allow_cidrs' of kubernetes:networkpolicy; did you mean 'allow_cidr'?")]
    [InlineData(
        "calico:networkpolicy", "{allow_cidr: [10.0.0.0/8, 10.0.0.0/33]}",
        "parameter 'allow_cidr': item 2: '10.0.0.0/33' is not a range of addresses; write one such as 10.0.0.0/8 or 2001:db8::/32")]
    [InlineData(
        "calico:networkpolicy", "{allow_cidr: [\"2001:db8::1\"]}",
        "item 1: '2001:db8::1' is an address without a prefix length; for this address alone write 2001:db8::1/128")]
    [InlineData("calico:networkpolicy", "{allow_cidr: 10.0.0.0/8}", "write a list, one '- item' a line or [item, item]")]
    [InlineData(
        "calico:networkpolicy", "{allow_namespaces: [kube_system]}",
        "parameter 'allow_namespaces': item 1: 'kube_system' is not the name of a namespace: lower-case letters, digits and '-', at most 63, with a letter or digit at both ends")]
    [InlineData(
        "calico:networkpolicy", "{allow_cidrs: [10.0.0.0/8]}",
        "unknown parameter 'allow_cidrs' of calico:networkpolicy; did you mean 'allow_cidr'?")]
    [InlineData(
        "cilium:networkpolicy", "{allow_cidr: [10.0.0.0/8, 10.0.0.0/33]}",
        "parameter 'allow_cidr': item 2: '10.0.0.0/33' is not a range of addresses; write one such as 10.0.0.0/8 or 2001:db8::/32")]
    [InlineData(
        "cilium:networkpolicy", "{allow_cidr: [\"2001:db8::1\"]}",
        "item 1: '2001:db8::1' is an address without a prefix length; for this address alone write 2001:db8::1/128")]
    [InlineData("cilium:networkpolicy", "{allow_cidr: 10.0.0.0/8}", "write a list, one '- item' a line or [item, item]")]
    [InlineData(
        "cilium:networkpolicy", "{allow_namespaces: [kube_system]}",
        "parameter 'allow_namespaces': item 1: 'kube_system' is not the name of a namespace: lower-case letters, digits and '-', at most 63, with a letter or digit at both ends")]
    [InlineData(
        "cilium:networkpolicy", "{allow_cidrs: [10.0.0.0/8]}",
        "unknown parameter 'allow_cidrs' of cilium:networkpolicy; did you mean 'allow_cidr'?")]
    [InlineData("calico:networkpolicy", "{order: 2147483648}", "parameter 'order': must be a whole number from -2147483648 to 2147483647")]
    [InlineData("calico:networkpolicy", "{order: 1.5}", "write it without a fraction")]
    public void Parameters_Wrong_AreRefusedWithAMessage(string actionner, string parameters, string message) =>
        Assert.EndsWith(message, Assert.Single(ParameterTrial.Problems(actionner, parameters)), StringComparison.Ordinal);

    [Fact]
    public void Kubernetes_NothingAllowed_DeniesAll() =>
        AssertAllows(KubernetesNetworkPolicyParameters.Read(ParameterMap.Empty).Parameters.Allowances, [], [], dns: false);

    [Fact]
    public void CalicoAndCilium_NoList_AllowsAll()
    {
        AssertAllows(CalicoNetworkPolicyParameters.Read(ParameterMap.Empty).Parameters.Allowances, ["0.0.0.0/0", "::/0"], [], dns: true);
        AssertAllows(CiliumNetworkPolicyParameters.Read(ParameterMap.Empty).Parameters.Allowances, ["0.0.0.0/0", "::/0"], [], dns: true);
        Assert.Equal(0, CalicoNetworkPolicyParameters.Read(ParameterMap.Empty).Parameters.Order);
    }

    [Fact]
    public void CalicoAndCilium_OneListGiven_AllowsOnlyWhatItSays()
    {
        var namespaces = ParameterMap.Empty.With("allow_namespaces", List("monitoring"));
        var empty = ParameterMap.Empty.With("allow_cidr", List());

        AssertAllows(CalicoNetworkPolicyParameters.Read(namespaces).Parameters.Allowances, [], ["monitoring"], dns: true);
        AssertAllows(CiliumNetworkPolicyParameters.Read(namespaces).Parameters.Allowances, [], ["monitoring"], dns: true);
        AssertAllows(CalicoNetworkPolicyParameters.Read(empty).Parameters.Allowances, [], [], dns: false);
    }

    [Fact]
    public void Read_Lists_AreTakenOnceEach()
    {
        var (parameters, problems) = KubernetesNetworkPolicyParameters.Read(ParameterMap.Empty
            .With("allow_cidr", List("10.1.0.0/8", "10.0.0.0/8", "::1/128"))
            .With("allow_namespaces", List("a", "b", "a")));

        Assert.Empty(problems);
        AssertAllows(parameters.Allowances, ["10.0.0.0/8", "::1/128"], ["a", "b"], dns: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_Dns_IsAsWritten(bool dns) => Assert.Equal(
        dns, KubernetesNetworkPolicyParameters.Read(ParameterMap.Empty.With("allow_dns", new ParameterValue.Flag(dns))).Parameters.Allowances.Dns);

    [Fact]
    public void Calico_Order_IsTaken() => Assert.Equal(
        -20, CalicoNetworkPolicyParameters.Read(ParameterMap.Empty.With("order", new ParameterValue.Whole(-20))).Parameters.Order);

    private static void AssertAllows(EgressAllowances allowances, string[] networks, string[] namespaces, bool dns)
    {
        Assert.Equal(networks, allowances.Networks.Select(network => network.ToString()));
        Assert.Equal(namespaces, allowances.Namespaces.Select(name => name.Value));
        Assert.Equal(dns, allowances.Dns);
    }

    private static ParameterValue.List List(params string[] texts) => new([.. texts.Select(text => new ParameterValue.Text(text))]);
}
