using System.Text;
using CsCheck;
using Talon.Rules.Matching;

namespace Talon.Rules.Tests.Matching;

public sealed class GlobPatternTests
{
    private static readonly string[] Pieces = ["*", "?", "a", "b", "ab", "[ab]", "[!a]", "[^b-c]", "[a-c]", "[]a]", "[a-]", "\\*", "\\?", "\\[", "\\a", "é", "[é-ü]", "**", "/", "."];
    private static readonly string[] Letters = ["a", "b", "c", "*", "?", "[", "]", "-", "é", "ö", "/", ".", "aab"];

    [Fact]
    public void Matches_RandomPatternsAndTexts_IsWhatThePlainMatcherSays() =>
        Gen.Select(Gen.Int[0, Pieces.Length - 1].Array[0, 7], Gen.Int[0, Letters.Length - 1].Array[0, 8]).Sample(
            (pieces, letters) =>
            {
                string pattern = string.Concat(pieces.Select(piece => Pieces[piece]));
                string text = string.Concat(letters.Select(letter => Letters[letter]));
                Assert.True(GlobReference.Matches(pattern, text) == Matches(pattern, text), $"{pattern} {text}");
            },
            iter: 10_000);

    [Fact]
    public void TryParse_AnyText_IsReadOrHasAProblem() =>
        Gen.Char["ab[]!^-\\*?:.=é\ud83d\ude00"].Array[0, 12].Sample(
            letters =>
            {
                bool isRead = GlobPattern.TryParse(new string(letters), out var pattern, out var problem);
                Assert.Equal((isRead, isRead), (pattern is not null, problem is null));
                _ = pattern?.Matches("a[b]😀"u8);
            },
            iter: 30_000);

    [Theory]
    [InlineData("/etc/*", "/etc/shadow", true)]
    [InlineData("/etc/*", "/etc/a/b/.c", true)]
    [InlineData("/etc/*", "/etc/", true)]
    [InlineData("/etc/*", "/etc", false)]
    [InlineData("/ETC/*", "/etc/shadow", false)]
    [InlineData("*.sh", "x.sh.sh", true)]
    [InlineData("*.sh", "x.sh.", false)]
    [InlineData("sh", "bash", false)]
    [InlineData("?", "😀", true)]
    [InlineData("?", "é", true)]
    [InlineData("??", "é", false)]
    [InlineData("[😀-😂]x", "😁x", true)]
    [InlineData("[!😀]", "😁", true)]
    [InlineData("[]]", "]", true)]
    [InlineData("[!]]", "]", false)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[-a]", "-", true)]
    [InlineData("[\\]a]", "]", true)]
    [InlineData("[\\!a]", "!", true)]
    [InlineData("\\\\", "\\", true)]
    [InlineData("a]", "a]", true)]
    [InlineData("{a,b}", "a", false)]
    public void Matches_Text_IsDecidedAsByFnmatch(string pattern, string text, bool expected) => Assert.Equal(expected, Matches(pattern, text));

    [Theory]
    [InlineData("[a", "a [ is not closed")]
    [InlineData("[", "a [ is not closed")]
    [InlineData("[!", "a [ is not closed")]
    [InlineData("[]", "a [ is not closed")]
    [InlineData("[a-", "a [ is not closed")]
    [InlineData("[a\\", "a [ is not closed")]
    [InlineData("a\\", "a backslash at its end stands before nothing")]
    [InlineData("[z-a]", "the range z-a has its ends the wrong way round")]
    [InlineData("[[:alpha:]]", "classes such as [:alpha:] are not known here")]
    public void TryParse_WrongPattern_SaysWhatIsWrong(string pattern, string expected)
    {
        Assert.False(GlobPattern.TryParse(pattern, out _, out var problem));
        Assert.Equal(expected, problem!.Value.Message);
    }

    [Fact]
    public void Matches_ManyStarsOnALongText_ComesToAnEnd()
    {
        string text = new('a', PatternLimits.LongestText);

        Assert.False(Matches(string.Concat(Enumerable.Repeat("*a", 250))[..499] + "b", text));
        Assert.False(Matches(string.Concat(Enumerable.Repeat("*?", 249)) + "b", text));
        Assert.True(Matches(string.Concat(Enumerable.Repeat("*[a-z]", 80)) + "*", text));
    }

    private static bool Matches(string pattern, string text)
    {
        Assert.True(GlobPattern.TryParse(pattern, out var parsed, out var problem), problem?.Message);
        return parsed!.Matches(Encoding.UTF8.GetBytes(text));
    }
}
