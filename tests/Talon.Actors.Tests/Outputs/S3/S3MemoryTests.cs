using Talon.Actors.Plugins;
using Talon.CloudApi.S3;

namespace Talon.Actors.Tests.Outputs.S3;

/// <summary>How much of an artifact is in memory while it goes to S3. Other tests would count too, so none run beside it.</summary>
[Collection(Name)]
[Trait("Speed", "Slow")]
public sealed class S3MemoryTests
{
    private const string Name = "S3 memory";
    private const int Artifact = 64 << 20;

    /// <summary>Two parts would be more.</summary>
    private const long Most = 16 << 20;

    [Theory]
    [InlineData("aws:s3")]
    [InlineData("minio:s3")]
    public async Task Store_LargeArtifact_IsNeverInMemory(string output)
    {
        await using var server = await S3StandIn.StartAsync();
        server.ForgetsBodies = true;
        using var rig = new S3Rig(server.Address, hurry: 1);

        // The first upload loads code and makes pools.
        Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(output, S3Rig.Streamed(9 << 20)));
        server.Objects.Clear();
        server.Requests.Clear();
        var live = new System.Collections.Concurrent.ConcurrentBag<long>();
        server.Arrived = operation =>
        {
            if (operation == "part")
            {
                live.Add(GC.GetTotalMemory(forceFullCollection: true));
            }
        };
        long before = GC.GetTotalMemory(forceFullCollection: true);

        Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(output, S3Rig.Streamed(Artifact)));

        Assert.Equal(8, live.Count);
        Assert.InRange(live.Max() - before, long.MinValue, Most);
    }

    [CollectionDefinition(Name, DisableParallelization = true)]
    public sealed class Alone;
}
