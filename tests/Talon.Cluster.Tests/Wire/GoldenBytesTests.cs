using System.Text.Json;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;

namespace Talon.Cluster.Tests.Wire;

/// <summary>
/// The bytes of the journal and of the wire. A journal written today must be readable for ever: when this test fails, do not
/// change the golden file, give the new format a new manifest and keep reading the old one.
/// </summary>
public sealed class GoldenBytesTests : TestKit
{
    private readonly TalonSerializer _serializer;

    public GoldenBytesTests() => _serializer = new TalonSerializer((ExtendedActorSystem)Sys);

    public static TheoryData<string> Names => [.. Sample.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ToBinary_Sample_IsTheGoldenOne(string name)
    {
        var golden = Golden()[name];

        Assert.Equal(golden.Manifest, _serializer.Manifest(Sample.All[name]));
        Assert.Equal(golden.Bytes, Convert.ToHexStringLower(_serializer.ToBinary(Sample.All[name])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void FromBinary_Golden_ComesBackToTheSameBytes(string name)
    {
        var golden = Golden()[name];

        var read = _serializer.FromBinary(Convert.FromHexString(golden.Bytes), golden.Manifest);

        Assert.IsType(Sample.All[name].GetType(), read);
        Assert.Equal(golden.Bytes, Convert.ToHexStringLower(_serializer.ToBinary(read)));
    }

    [Fact]
    public void FromBinary_Accepted_KeepsTheBodyVerbatim()
    {
        var read = (Facts.Accepted)_serializer.FromBinary(_serializer.ToBinary(Sample.Accepted), "acc:1");

        Assert.Equal(Sample.Event.Raw.ToArray(), read.Event.Raw.ToArray());
        Assert.Equal(Sample.Delivery, read.DeliveryId);
        Assert.Equal(Sample.Id, read.EventId);
        Assert.Equal(Sample.TraceId, read.TraceId);
        Assert.Equal("Terminate Pod", read.Plan.Rules[0].Actions[0].Name);
    }

    [Fact]
    public void FromBinary_Failure_KeepsEverything() =>
        Assert.Equivalent(Sample.Failed, _serializer.FromBinary(_serializer.ToBinary(Sample.Failed), "fin:1"));

    [Fact]
    public void FromBinary_ArtifactAndCapturedTexts_AreKept()
    {
        var stored = (Facts.Finished)_serializer.FromBinary(_serializer.ToBinary(Sample.Stored), "fin:1");
        var failed = (Facts.Finished)_serializer.FromBinary(_serializer.ToBinary(Sample.CommandFailed), "fin:1");

        Assert.Equivalent(Sample.Stored, stored, strict: true);
        Assert.Equal<CapturedText>(Sample.CommandFailed.Outcome.Captured, failed.Outcome.Captured);
    }

    [Theory]
    [InlineData("acc:2")]
    [InlineData("")]
    [InlineData("System.String, mscorlib")]
    public void FromBinary_UnknownManifest_FailsLoudly(string manifest) =>
        Assert.Throws<FormatException>(() => _serializer.FromBinary([], manifest));

    [Fact]
    public void FromBinary_AcceptedCutAnywhere_FailsLoudly()
    {
        var bytes = _serializer.ToBinary(Sample.Accepted);
        int plan = bytes.AsSpan().IndexOf("\"v\":1"u8);
        for (int length = 0; length < plan; length++)
        {
            Assert.ThrowsAny<FormatException>(() => _serializer.FromBinary(bytes[..length], "acc:1"));
        }
    }

    [Fact]
    public void Manifest_ForeignType_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => _serializer.Manifest("text"));

    private static Dictionary<string, (string Manifest, string Bytes)> Golden()
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Wire", "golden.json"));
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.EnumerateObject().ToDictionary(
            p => p.Name, p => (p.Value[0].GetString()!, p.Value[1].GetString()!), StringComparer.Ordinal);
    }
}
