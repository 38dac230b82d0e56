using Talon.Actors.Clients.Kubernetes.Connection;

namespace Talon.Actors.Tests.Clients.Kubernetes.Connection;

public sealed class KubernetesConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("talon-kubeconfig-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Locate_Variable_ComesBeforeTheSetting()
    {
        string fromVariable = Write("a", "http://127.0.0.1:1001");
        string fromSetting = Write("b", "http://127.0.0.1:1002");

        var found = Assert.IsType<KubernetesConfiguration.Found>(KubernetesConfiguration.Locate(fromSetting, With(fromVariable)));

        Assert.StartsWith("http://127.0.0.1:1001", found.Client.Host, StringComparison.Ordinal);
        Assert.Contains("KUBECONFIG", found.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Locate_VariableIsAList_TakesTheFirstFileThatExists()
    {
        string second = Write("second", "http://127.0.0.1:1002");
        string list = string.Join(Path.PathSeparator, "", Path.Combine(_folder, "none"), second, Write("third", "http://127.0.0.1:1003"));

        var found = Assert.IsType<KubernetesConfiguration.Found>(KubernetesConfiguration.Locate(null, With(list)));

        Assert.StartsWith("http://127.0.0.1:1002", found.Client.Host, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Locate_VariableNotSetOrEmpty_TakesTheSetting(string? variable)
    {
        string path = Write("b", "http://127.0.0.1:1002");

        var found = Assert.IsType<KubernetesConfiguration.Found>(KubernetesConfiguration.Locate(path, With(variable)));

        Assert.StartsWith("http://127.0.0.1:1002", found.Client.Host, StringComparison.Ordinal);
    }

    [Fact]
    public void Locate_VariableNamesNoExistingFile_DoesNotGoOnToAnotherCluster()
    {
        string setting = Write("b", "http://127.0.0.1:1002");

        var missing = Assert.IsType<KubernetesConfiguration.Missing>(KubernetesConfiguration.Locate(setting, With(Path.Combine(_folder, "none"))));

        Assert.Contains("KUBECONFIG", missing.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', missing.Reason);
    }

    [Fact]
    public void Locate_Nothing_SaysWhatWasTried()
    {
        var missing = Assert.IsType<KubernetesConfiguration.Missing>(KubernetesConfiguration.Locate(null, With(null)));

        Assert.Contains("KUBECONFIG", missing.Reason, StringComparison.Ordinal);
        Assert.Contains("kubeconfig", missing.Reason, StringComparison.Ordinal);
        Assert.Contains("service account", missing.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("}{ not yaml")]
    [InlineData("just text")]
    [InlineData("[]")]
    [InlineData("apiVersion: v1\nkind: Config\n")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: []\n")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'not an address'}}]\nusers: [{name: u, user: {}}]\n")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://127.0.0.1:1', certificate-authority-data: '!!'}}]\nusers: [{name: u, user: {}}]\n")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://127.0.0.1:1', certificate-authority: /does/not/exist}}]\nusers: [{name: u, user: {}}]\n")]
    public void Locate_BrokenFile_IsOneLineAndNoException(string content)
    {
        string path = Path.Combine(_folder, "broken");
        File.WriteAllText(path, content);

        var missing = Assert.IsType<KubernetesConfiguration.Missing>(KubernetesConfiguration.Locate(path, With(null)));

        Assert.Contains(path, missing.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', missing.Reason);
    }

    [Fact]
    public void Locate_SettingNamesNoFile_SaysSo()
    {
        string path = Path.Combine(_folder, "none");

        var missing = Assert.IsType<KubernetesConfiguration.Missing>(KubernetesConfiguration.Locate(path, With(null)));

        Assert.Contains(path, missing.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{name: it, user: {}}")]
    [InlineData("{name: it}")]
    public void Locate_UserWithoutCredentials_IsTakenAsItIs(string user)
    {
        string path = Write("a", "http://127.0.0.1:1001");
        File.WriteAllText(path, File.ReadAllText(path).Replace("{name: it, user: {token: s3cret}}", user, StringComparison.Ordinal));

        var found = Assert.IsType<KubernetesConfiguration.Found>(KubernetesConfiguration.Locate(path, With(null)));

        Assert.Null(found.Client.AccessToken);
    }

    [Fact]
    public void Found_AsText_HoldsNoCredentials()
    {
        var found = Assert.IsType<KubernetesConfiguration.Found>(KubernetesConfiguration.Locate(Write("a", "http://127.0.0.1:1001"), With(null)));

        Assert.Equal("s3cret", found.Client.AccessToken);
        Assert.DoesNotContain("s3cret", found.ToString(), StringComparison.Ordinal);
    }

    private static KubeEnvironment With(string? kubeconfig) => new(name => name == "KUBECONFIG" ? kubeconfig : null, _ => null);

    private string Write(string name, string server)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, $$$"""
            apiVersion: v1
            kind: Config
            current-context: it
            contexts: [{name: it, context: {cluster: it, user: it}}]
            clusters:
            - name: it
              cluster: {server: '{{{server}}}'}
            users: [{name: it, user: {token: s3cret}}]
            """);
        return path;
    }
}
