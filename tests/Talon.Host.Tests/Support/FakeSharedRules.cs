using Talon.Cluster.RuleSets;
using Talon.Host.Reload;

namespace Talon.Host.Tests.Support;

internal sealed class FakeSharedRules : ISharedRules
{
    public IReadOnlyList<NodeRules> Known { get; set; } = [];

    public bool Differ { get; set; }
}
