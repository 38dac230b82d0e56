using Xunit.Sdk;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>
/// A test of a specification class that runs on each backend. On one that lacks what the test needs (see <see cref="Needs"/>) it is skipped
/// and says so. The backend is that of the fixture of the class.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Talon.EndToEnd.Tests.Support.ClusterFactDiscoverer", "Talon.EndToEnd.Tests")]
public sealed class ClusterFactAttribute(params string[] needs) : FactAttribute
{
    public IReadOnlyList<string> Needs { get; } = needs;
}
