namespace Talon.EndToEnd.Tests.Support;

/// <summary>Tells what single rows of a <see cref="ClusterTheoryAttribute"/> need beyond what the whole theory needs.</summary>
public interface IRowNeeds
{
    /// <param name="row">The arguments of the test.</param>
    /// <returns>See <see cref="Needs"/>.</returns>
    IEnumerable<string> Of(object?[] row);
}
