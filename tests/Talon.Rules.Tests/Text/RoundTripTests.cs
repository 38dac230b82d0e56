using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Talon.Rules.Text;

namespace Talon.Rules.Tests.Text;

/// <summary>What is printed is read back as the same.</summary>
public sealed class RoundTripTests
{
    private static readonly Dictionary<string, long> Units = new(StringComparer.Ordinal)
    {
        ["d"] = 86_400_000,
        ["h"] = 3_600_000,
        ["m"] = 60_000,
        ["s"] = 1000,
        ["ms"] = 1,
    };

    private static readonly Gen<(int Number, string Unit)> Part = Gen.Select(Gen.Int[0, 30], Gen.OneOf([.. Units.Keys.Select(Gen.Const)]));

    [Fact]
    public void Duration_Printed_IsReadBack() => Gen.Long[0, (long)DurationText.Longest.TotalMilliseconds].Sample(
        milliseconds =>
        {
            var duration = TimeSpan.FromMilliseconds(milliseconds);
            Assert.Equal(duration, Duration(DurationText.Format(duration)));
            Assert.Equal(duration, Duration(DurationText.FormatShort(duration)));
        });

    [Fact]
    public void Duration_WholeDaysPrinted_AreReadBack() => Gen.Int[0, 365].Sample(
        days => Assert.Equal(TimeSpan.FromDays(days), Duration(DurationText.FormatShort(TimeSpan.FromDays(days)))));

    [Fact]
    public void Duration_AnyPartsInAnyOrder_AddUp() => Part.Array[1, 6].Sample(
        parts => Assert.Equal(
            TimeSpan.FromMilliseconds(parts.Sum(part => part.Number * Units[part.Unit])),
            Duration(string.Concat(parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Number}{part.Unit}"))))));

    [Fact]
    public void Duration_AnyText_IsReadAsItsPrintOrRefused() => Gen.Char["0129.dhms -"].Array[0, 12].Sample(
        characters =>
        {
            if (DurationText.TryParse(characters, out var duration))
            {
                Assert.Equal(duration, Duration(DurationText.Format(duration)));
            }
        },
        iter: 20_000);

    [Fact]
    public void Size_Printed_IsReadBack() => Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[0, 62]).Sample(
        (number, shift) =>
        {
            long bytes = number >> shift;
            Assert.True(ByteSize.TryParse(ByteSize.Format(bytes), out long read));
            Assert.Equal(bytes, read);
        },
        iter: 20_000);

    [Fact]
    public void Size_OfAUnit_IsPrintedWithTheLargestOneThatLeavesItWhole() => Gen.Select(Gen.Int[1, 1023], Gen.Int[0, 3]).Sample(
        (number, unit) => Assert.Equal($"{number}{new[] { "", "Ki", "Mi", "Gi" }[unit]}", ByteSize.Format((long)number << (10 * unit))));

    [Fact]
    public void Label_AnyText_IsOneExactlyWhenThePatternSaysSo() => Gen.Char["az09-A._ é\n"].Array[0, 66].Sample(
        characters =>
        {
            string text = new(characters);
            Assert.Equal(Pattern(text), Dns1123.IsLabel(text));
            Assert.True(Dns1123.IsSubdomain(text) || !Dns1123.IsLabel(text));
        },
        iter: 20_000);

    [Fact]
    public void OneLine_AnyText_IsBoundedAndStaysAsItIs() => Gen.OneOf(Gen.String, Gen.String.Array[0, 8].Select(string.Concat)).Sample(
        text =>
        {
            string line = OneLine.From(text);
            Assert.Equal(line, OneLine.From(line));
            Assert.InRange(line.Length, 0, OneLine.MaxLength + 2);
            Assert.DoesNotContain(line.EnumerateRunes(), Rune.IsControl);
            Assert.DoesNotContain(OneLine.Whole(text).ToCharArray(), char.IsControl);
            Assert.Equal(text.Length, OneLine.Whole(text).Length);
        });

    [Fact]
    public void Cut_AnyText_IsItsBeginning() => Gen.Select(Gen.String, Gen.Int[0, 20]).Sample(
        (text, longest) =>
        {
            string cut = OneLine.Cut(text, longest);
            Assert.Equal(text.Length <= longest, cut == text);
            Assert.True(text.Length <= longest || (cut.EndsWith('…') && cut.Length <= longest + 1 && text.StartsWith(cut[..^1], StringComparison.Ordinal)));
        });

    private static TimeSpan Duration(string text)
    {
        Assert.True(DurationText.TryParse(text, out var duration), text);
        return duration;
    }

    // [a-z0-9]([-a-z0-9]{0,61}[a-z0-9])? as Kubernetes documents it.
    private static bool Pattern(string text) =>
        Regex.IsMatch(text, @"\A[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
}
