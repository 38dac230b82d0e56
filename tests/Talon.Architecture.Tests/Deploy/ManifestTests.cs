using System.Text;
using k8s;
using k8s.Models;
using Talon.Actors.Catalog;
using Talon.Actors.Plugins.Rbac;
using Talon.Architecture.Tests.Repository;
using Talon.Host.Configuration;
using Talon.KubeApi;
using Talon.Rules.Loading;
using YamlDotNet.RepresentationModel;
using static Talon.Architecture.Tests.Deploy.Manifests;

namespace Talon.Architecture.Tests.Deploy;

/// <summary>What both sets of manifests, for one node and for three, must hold.</summary>
public abstract class ManifestTests
{
    private readonly Manifests _manifests;

    private protected ManifestTests(Manifests manifests) => _manifests = manifests;

    private protected Manifests Set => _manifests;

    private YamlNode Pod => _manifests.Pod;

    private YamlNode Container => _manifests.Container;

    [Fact]
    public void Kustomization_NamesEveryManifest()
    {
        string[] folders = [_manifests.Folder, RepositoryFiles.PathOf("deploy", "k8s", "common")];

        Assert.Equal(
            folders.SelectMany(folder => Directory.GetFiles(folder, "*.yaml")).Where(file => Path.GetFileName(file) != "kustomization.yaml").Order(StringComparer.Ordinal),
            _manifests.Files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Objects_PostedToAnApiServer_AreTakenWithoutAnUnknownField()
    {
        await using var api = await KubeApiServer.StartAsync();
        using var client = new HttpClient { BaseAddress = api.BaseUri };
        foreach (var item in _manifests.Files.SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true)).Cast<IKubernetesObject<V1ObjectMeta>>())
        {
            using var body = new StringContent(KubernetesJson.Serialize(item), Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync($"{Collections.PathOf(item)}?fieldValidation=Strict", body);

            Assert.True(answer.IsSuccessStatusCode, $"{item.Kind} {item.Metadata.Name}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    [Fact]
    public void Objects_WithNamespace_AreInTheOneThatIsMade()
    {
        string[] clusterWide = ["Namespace", "ClusterRole", "ClusterRoleBinding"];

        Assert.All(
            _manifests.All.Where(node => !clusterWide.Contains(Text(node, "kind"))),
            node => Assert.Equal(Text(_manifests.One("Namespace"), "metadata.name"), Text(node, "metadata.namespace")));
    }

    [Fact]
    public void Rbac_Allows_WhatTheRulesNeedAndNoMore()
    {
        // Least privilege: what is printed for these rules and notifiers, and nothing for what nobody uses.
        var needs = new RbacNeeds(PluginCatalog.Default, Text(_manifests.One("Namespace"), "metadata.name"));
        needs.Add(Rules().Rules!);
        foreach (string notifier in Options().DefaultNotifiers)
        {
            needs.AddNotifier(notifier);
        }

        var needed = needs.Rights.Select(right => $"{right.Group}/{right.Resource} {right.Verb}");

        Assert.All(needs.Rights, right => Assert.Null(right.Namespace));
        Assert.Equal(needed.Order(StringComparer.Ordinal), Allowed(_manifests.One("ClusterRole")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ClusterRoleBinding_JoinsTheAccountOfThePod()
    {
        var binding = _manifests.One("ClusterRoleBinding");
        var subject = Items(At(binding, "subjects")).Single();

        Assert.Equal(Text(_manifests.One("ClusterRole"), "metadata.name"), Text(binding, "roleRef.name"));
        Assert.Equal(Text(_manifests.One("ServiceAccount"), "metadata.name"), Text(subject, "name"));
        Assert.Equal(Text(_manifests.One("ServiceAccount"), "metadata.namespace"), Text(subject, "namespace"));
        Assert.Equal(Text(_manifests.One("ServiceAccount"), "metadata.name"), Text(Pod, "serviceAccountName"));
    }

    [Fact]
    public void Selectors_MeetTheLabelsOfThePod()
    {
        var labels = Map(At(_manifests.One("StatefulSet"), "spec.template.metadata.labels"));
        YamlNode[] selectors =
        [
            At(_manifests.One("StatefulSet"), "spec.selector.matchLabels"), At(_manifests.One("Service"), "spec.selector"), At(_manifests.One("NetworkPolicy"), "spec.podSelector.matchLabels"),
        ];

        Assert.All(selectors.SelectMany(Map), wanted => Assert.Equal(wanted.Value, labels[wanted.Key]));
    }

    [Fact]
    public void Ports_AreThatOfTheConfiguration()
    {
        var port = Items(At(Container, "ports"))[0];
        var service = Items(At(_manifests.One("Service"), "spec.ports")).Single();
        var policy = Items(At(Items(At(_manifests.One("NetworkPolicy"), "spec.ingress"))[0], "ports")).Single();
        string expected = Options().ListenPort.ToString();

        Assert.Equal(expected, Text(port, "containerPort"));
        Assert.Equal(expected, Text(service, "port"));
        Assert.Equal(expected, Text(policy, "port"));
        Assert.Equal(Text(port, "name"), Text(service, "targetPort"));
        Assert.All(
            new[] { ("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz") },
            probe => Assert.Equal((probe.Item2, Text(port, "name")), (Text(Container, $"{probe.Item1}.httpGet.path"), Text(Container, $"{probe.Item1}.httpGet.port"))));
    }

    [Fact]
    public void Volumes_EachMount_HasItsVolumeAndNoSubPath()
    {
        var spec = (YamlMappingNode)At(_manifests.One("StatefulSet"), "spec");
        var claims = spec.Children.TryGetValue("volumeClaimTemplates", out var templates) ? Items(templates).Select(claim => Text(claim, "metadata.name")) : [];
        var volumes = Items(At(Pod, "volumes")).Select(volume => Text(volume, "name")).Concat(claims).ToList();
        var mounts = Items(At(Container, "volumeMounts"));

        Assert.Equal(volumes.Order(StringComparer.Ordinal), mounts.Select(mount => Text(mount, "name")).Order(StringComparer.Ordinal));
        Assert.All(mounts, mount => Assert.DoesNotContain("subPath", Map(mount).Keys));
    }

    [Fact]
    public void Configuration_IsKnownAndFindsItsFiles()
    {
        var options = Options();
        var mounts = Items(At(Container, "volumeMounts")).ToDictionary(mount => Text(mount, "name"), mount => Text(mount, "mountPath"), StringComparer.Ordinal);

        Assert.Equal(["server", "-c", $"{mounts["config"]}/config.yaml"], Strings(At(Container, "args")));
        Assert.Equal($"{mounts["rules"]}/rules.yaml", Assert.Single(options.RulesFiles));
        Assert.Equal($"{mounts["ingress"]}/token", options.Ingress.TokenFile);
        Assert.True(options.Ingress.RequiresToken);
    }

    [Fact]
    public void Environment_HidesNoKeyOfTheFile()
    {
        // The environment wins over the file: a variable here would make its key in the ConfigMap a dead letter.
        var names = Items(At(Container, "env")).Select(variable => Text(variable, "name")).ToList();
        string file = _manifests.ConfigMapFile("falco-talon-config", "config.yaml");

        Assert.All(
            ConfigKeys.All.Where(key => names.Contains(key.Environment, StringComparer.Ordinal)),
            key => Assert.DoesNotContain($" {key.Name[(key.Name.LastIndexOf('.') + 1)..]}:", file, StringComparison.Ordinal));
        Assert.Contains("POD_NAMESPACE", names);
    }

    [Fact]
    public void Rules_AreValid()
    {
        var loaded = Rules();

        Assert.Empty(loaded.Diagnostics);
        Assert.NotEmpty(loaded.Rules!.Rules);
    }

    [Fact]
    public void Pod_HasTimeToLeave() => Assert.True(
        int.Parse(Text(Pod, "terminationGracePeriodSeconds")) >= Options().Pipeline.ShutdownGracePeriod.TotalSeconds + 60, "the pod is killed before Talon has left");

    [Fact]
    public void Pod_RunsWithoutRights()
    {
        Assert.Equal("true", Text(Pod, "securityContext.runAsNonRoot"));
        Assert.Equal("RuntimeDefault", Text(Pod, "securityContext.seccompProfile.type"));
        Assert.Equal("true", Text(Container, "securityContext.readOnlyRootFilesystem"));
        Assert.Equal("false", Text(Container, "securityContext.allowPrivilegeEscalation"));
        Assert.Equal(["ALL"], Strings(At(Container, "securityContext.capabilities.drop")));
        Assert.Equal(Text(Pod, "securityContext.runAsUser"), Text(Pod, "securityContext.fsGroup"));
    }

    [Fact]
    public void Image_IsThatOfTheDockerfile()
    {
        string dockerfile = File.ReadAllText(RepositoryFiles.PathOf("Dockerfile"));
        string user = Text(Pod, "securityContext.runAsUser");
        string readme = File.ReadAllText(RepositoryFiles.PathOf("deploy", "k8s", "README.md"));

        Assert.Contains($"\nUSER {user}:{user}\n", dockerfile, StringComparison.Ordinal);
        Assert.Contains($"\nEXPOSE {Options().ListenPort}\n", dockerfile, StringComparison.Ordinal);
        Assert.Equal($"falco-talon:{typeof(PluginCatalog).Assembly.GetName().Version!.ToString(3)}", Text(Container, "image"));
        Assert.Contains("set image falco-talon=", readme, StringComparison.Ordinal);
    }

    private RuleLoadResult Rules() =>
        InTempFile(_manifests.ConfigMapFile("falco-talon-rules", "rules.yaml"), file => RuleLoader.LoadFromDisk([file], PluginCatalog.Default));

    private protected TalonOptions Options()
    {
        var result = InTempFile(
            _manifests.ConfigMapFile("falco-talon-config", "config.yaml"), file => ConfigReader.Read(file, new Dictionary<string, string>(StringComparer.Ordinal)));
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        return result.Options!;
    }

    private static T InTempFile<T>(string text, Func<string, T> use)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            return use(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
