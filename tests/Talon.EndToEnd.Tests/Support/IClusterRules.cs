using k8s.Models;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>What the process of a specification class runs with.</summary>
public interface IClusterRules
{
    /// <summary>The rule file. Its rules match on names of Falco rules that no other test of the class uses.</summary>
    string Rules { get; }

    /// <summary>Further lines of the configuration file.</summary>
    string Configuration => "";

    /// <summary>
    /// Which of the rights that <c>talon rbac print</c> names for the rules the process has, rule by rule; null at the end of one: none of
    /// it. Null: it has those of the kubeconfig.
    /// </summary>
    Func<V1PolicyRule, V1PolicyRule?>? Rights => null;

    /// <summary>How long the waits of the stand-in last against a real cluster.</summary>
    double TimeScale => 0.01;
}
