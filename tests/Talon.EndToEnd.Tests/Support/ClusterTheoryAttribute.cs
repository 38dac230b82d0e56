using Xunit.Sdk;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>As <see cref="ClusterFactAttribute"/>, with rows of data.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Talon.EndToEnd.Tests.Support.ClusterTheoryDiscoverer", "Talon.EndToEnd.Tests")]
public sealed class ClusterTheoryAttribute(params string[] needs) : TheoryAttribute
{
    public IReadOnlyList<string> Needs { get; } = needs;

    /// <summary>An <see cref="IRowNeeds"/> with a constructor of no parameters; null: the rows need no more than the theory.</summary>
    public Type? RowNeeds { get; init; }
}
