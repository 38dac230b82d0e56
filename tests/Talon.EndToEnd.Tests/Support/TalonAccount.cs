using k8s;
using k8s.Models;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>A service account for the process, with rights as <c>talon rbac print</c> names them.</summary>
/// <param name="client">The cluster.</param>
/// <param name="ownNamespace">The namespace of the account.</param>
/// <param name="name">The name of its roles and bindings.</param>
internal sealed class TalonAccount(Kubernetes client, string ownNamespace, string name)
{
    private const string Account = "talon";

    /// <summary>Makes it.</summary>
    /// <param name="rules">The path of the rule file.</param>
    /// <param name="change">What is left of a right; null: nothing.</param>
    /// <param name="standIn">The stand-in, which gives no tokens; null on a real cluster.</param>
    /// <returns>A bearer token of it.</returns>
    public async Task<string> MakeAsync(string rules, Func<V1PolicyRule, V1PolicyRule?> change, KubeApiServer? standIn)
    {
        await using var talon = TalonProcess.Start(
            "talon", new Dictionary<string, string?>(StringComparer.Ordinal), "rbac", "print", "-r", rules, "-n", ownNamespace, "--service-account", Account, "--name", name);
        Assert.True(await talon.ExitAsync() == 0, talon.Other);
        foreach (object made in KubernetesYaml.LoadAllFromString(talon.Other))
        {
            await ApplyAsync(made, change);
        }

        await client.CoreV1.CreateNamespacedServiceAccountAsync(new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = Account } }, ownNamespace);
        if (standIn is not null)
        {
            string token = Guid.NewGuid().ToString();
            standIn.AddUser(token, $"system:serviceaccount:{ownNamespace}:{Account}");
            return token;
        }

        var request = new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { Audiences = [], ExpirationSeconds = 3600 } };
        return (await client.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, Account, ownNamespace)).Status.Token;
    }

    /// <summary>Removes what is in no namespace.</summary>
    public async Task RemoveAsync()
    {
        await client.RbacAuthorizationV1.DeleteClusterRoleAsync(name);
        await client.RbacAuthorizationV1.DeleteClusterRoleBindingAsync(name);
    }

    private async Task ApplyAsync(object made, Func<V1PolicyRule, V1PolicyRule?> change)
    {
        var rbac = client.RbacAuthorizationV1;
        switch (made)
        {
            case V1ClusterRole role:
                role.Rules = [.. role.Rules.Select(change).OfType<V1PolicyRule>()];
                await rbac.CreateClusterRoleAsync(role);
                break;
            case V1ClusterRoleBinding binding:
                await rbac.CreateClusterRoleBindingAsync(binding);
                break;
            case V1Role role:
                role.Rules = [.. role.Rules.Select(change).OfType<V1PolicyRule>()];
                await rbac.CreateNamespacedRoleAsync(role, role.Metadata.NamespaceProperty);
                break;
            case V1RoleBinding binding:
                await rbac.CreateNamespacedRoleBindingAsync(binding, binding.Metadata.NamespaceProperty);
                break;
            default:
                throw new InvalidOperationException($"talon rbac print names a {made.GetType().Name}");
        }
    }
}
