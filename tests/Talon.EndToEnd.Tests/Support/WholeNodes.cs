namespace Talon.EndToEnd.Tests.Support;

/// <summary>
/// The tests that cordon and empty nodes of a real cluster, which the tests of other classes share: they run alone. On the stand-in each
/// class has a cluster of its own.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeNodes
{
    public const string Name = "whole nodes";
}
