using System.Collections.Immutable;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Actionners;

/// <summary>An output that keeps whole artifacts in memory and drops broken ones.</summary>
internal sealed class MemoryOutput : IOutput
{
    public OutputDescriptor Descriptor => throw new NotSupportedException();

    /// <summary>The artifacts that were kept: name and content.</summary>
    public List<(Artifact Artifact, byte[] Content)> Kept { get; } = [];

    /// <summary>The largest piece that was written at once.</summary>
    public int LargestWrite { get; private set; }

    public ArtifactStore Store() => new(this, new PlannedOutput("test:memory", ParameterMap.Empty));

    public Task<ActionOutcome.Failed?> CheckAsync(ParameterMap parameters, CallScope scope) => Task.FromResult<ActionOutcome.Failed?>(null);

    public async Task<StoreResult> StoreAsync(ParameterMap parameters, Artifact artifact, CallScope scope)
    {
        using var stream = new Watched(this);
        switch (await artifact.WriteToAsync(stream, scope.Token))
        {
            case ArtifactContent.Whole whole:
                Kept.Add((artifact, stream.ToArray()));
                return new StoreResult.Stored("it is kept", ImmutableSortedDictionary<string, string>.Empty, whole);
            case ArtifactContent.Broken broken:
                return new StoreResult.Failed(broken.Why);
            case var other:
                throw new InvalidOperationException($"no such content: {other}");
        }
    }

    public Task<OutputTest> TestAsync(ParameterMap parameters, Artifact artifact, CallScope scope) => throw new NotSupportedException();

    private sealed class Watched(MemoryOutput owner) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            owner.LargestWrite = Math.Max(owner.LargestWrite, buffer.Length);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
