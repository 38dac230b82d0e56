using CsCheck;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Outputs;

namespace Talon.Actors.Tests.Plugins;

public sealed class ArtifactKeyTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 25, 12, 22, 31, 7, TimeSpan.FromHours(2));

    [Theory]
    [InlineData("/etc/shadow", "_etc_shadow")]
    [InlineData("tcpdump.pcap", "tcpdump.pcap")]
    [InlineData("../../etc/passwd", "______etc_passwd")]
    [InlineData("..", "__")]
    [InlineData(".bashrc", "_bashrc")]
    [InlineData("a..b...c", "a__b___c")]
    [InlineData("a\0b\nc", "a_b_c")]
    [InlineData("x; curl evil | sh", "x__curl_evil___sh")]
    [InlineData("😀.txt", "_.txt")]
    [InlineData("", "_")]
    public void Segment_HostileNames_ArePlain(string name, string plain) => Assert.Equal(plain, ArtifactKey.Segment(name, 100));

    [Fact]
    public void Segment_LongName_KeepsItsEnd() => Assert.Equal("_.tar.gz", ArtifactKey.Segment(new string('a', 10_000) + "é.tar.gz", 8));

    [Fact]
    public void Segment_CutBehindADot_HasNoDotInFront() => Assert.Equal("_gz", ArtifactKey.Segment("aaaa.gz", 3));

    [Fact]
    public void Create_Pod_IsTimeInUtcPlaceEventAndName() => Assert.Equal(
        $"2026-11-25T10-22-31.007Z_shop_cart-0_{Artifacts.EventKey}-2-3__etc_shadow",
        ArtifactKey.Create(Artifacts.Of("/etc/shadow", "", ("namespace", "shop"), ("pod", "cart-0"), ("file", "/etc/shadow")), At));

    [Fact]
    public void Create_Host_StandsForThePlace() => Assert.Equal(
        $"2026-11-25T10-22-31.007Z_node-1_{Artifacts.EventKey}-2-3_log",
        ArtifactKey.Create(Artifacts.Of("log", "", ("hostname", "node-1"), ("zone", "a")), At));

    [Fact]
    public void Create_OtherObjects_StandInOrderOfTheirKeysWithoutTheFile() => Assert.Equal(
        $"2026-11-25T10-22-31.007Z_a_z_{Artifacts.EventKey}-2-3_n",
        ArtifactKey.Create(Artifacts.Of("n", "", ("zeta", "z"), ("alpha", "a"), ("file", "x")), At));

    [Fact]
    public void Create_SecondOfOneKey_Differs() => Assert.Equal(
        $"2026-11-25T10-22-31.007Z_{Artifacts.EventKey}-2-3-2_n", ArtifactKey.Create(Artifacts.Of("n"), At, ordinal: 2));

    [Fact]
    public void Create_AnyTexts_GiveOneBoundedPlainSegment() =>
        Gen.Select(Gen.String, Gen.String, Gen.String, Gen.Int[1, 1000]).Sample((name, ns, pod, ordinal) =>
        {
            string key = ArtifactKey.Create(
                Artifacts.Of(string.Concat(Enumerable.Repeat(name, 30)), "", ("namespace", ns + ns), ("pod", pod), ("x", name)), At, ordinal);

            return key.Length <= ArtifactKey.MaxLength
                && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')
                && key[0] == '2'
                && !key.Contains("..", StringComparison.Ordinal);
        });
}
