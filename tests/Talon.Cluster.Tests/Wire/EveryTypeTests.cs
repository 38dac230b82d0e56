using Akka.Actor;
using Akka.TestKit.Xunit2;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Tests.Wire;

/// <summary>A message or fact that somebody adds has a manifest, a sample and golden bytes, or these tests fail.</summary>
public sealed class EveryTypeTests : TestKit
{
    private readonly TalonSerializer _serializer;

    public EveryTypeTests() => _serializer = new TalonSerializer((ExtendedActorSystem)Sys);

    public static TheoryData<string> Types => [.. Names];

    private static IEnumerable<string> Names => typeof(IWireMessage).Assembly.GetTypes().Where(IsBound).Select(type => type.FullName!);

    [Theory]
    [MemberData(nameof(Types))]
    public void BoundType_HasASampleThatComesBack(string name)
    {
        var type = typeof(IWireMessage).Assembly.GetType(name)!;
        var samples = Sample.All.Values.Where(sample => sample.GetType() == type).ToList();

        Assert.NotEmpty(samples); // golden bytes of each sample: GoldenBytesTests
        Assert.All(samples, sample =>
        {
            string manifest = _serializer.Manifest(sample);
            byte[] bytes = _serializer.ToBinary(sample);
            object read = _serializer.FromBinary(bytes, manifest);
            Assert.Equal(type, read.GetType());
            Assert.Equal(bytes, _serializer.ToBinary(read));
            Assert.InRange(manifest.Length, 3, 8);
            Assert.DoesNotContain(type.Name, manifest, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public void Types_AreFound() => Assert.Contains(typeof(EventProtocol.Ingest).FullName!, Names);

    [Fact]
    public void BoundTypes_CoverEverySample() =>
        Assert.All(Sample.All.Values, sample => Assert.Contains(TalonSerializer.BoundTypes, bound => bound.IsInstanceOfType(sample)));

    private static bool IsBound(Type type) =>
        type is { IsAbstract: false, IsInterface: false } && TalonSerializer.BoundTypes.Any(bound => bound.IsAssignableFrom(type));
}
