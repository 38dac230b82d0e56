using Microsoft.Extensions.Time.Testing;
using Talon.Host.Ingress;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Ingress;

public sealed class IngressTokenTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ListLog _log = new();

    [Fact]
    public void Equals_FileChanged_HoldsAfterThirtySeconds()
    {
        using var folder = new TempFolder();
        string file = folder.Write("token", "one\n");
        var token = IngressToken.FromFile(file, _time, _log);
        Assert.True(token.Equals("one"u8));

        File.WriteAllText(file, "two");
        _time.Advance(IngressToken.ReadEvery - TimeSpan.FromSeconds(1));
        Assert.True(token.Equals("one"u8));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(token.Equals("two"u8));
        Assert.False(token.Equals("one"u8));
    }

    [Theory]
    [InlineData("one\n")]
    [InlineData(" one\r\n")]
    public void Equals_FixedTokenWithWhiteSpaceAround_IsTheTokenWithoutIt(string given) =>
        Assert.True(IngressToken.Fixed(given, _time).Equals("one"u8));

    [Fact]
    public void Equals_FileGone_KeepsTheLastTokenAndSaysSo()
    {
        using var folder = new TempFolder();
        string file = folder.Write("token", "one");
        var token = IngressToken.FromFile(file, _time, _log);

        File.Delete(file);
        _time.Advance(IngressToken.ReadEvery);

        Assert.True(token.Equals("one"u8));
        var line = Assert.Single(_log.Lines);
        Assert.Contains("the last one stays", line.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("one ", line.Error!.Replace("last one", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void FromFile_NoTokenInIt_Throws(string text)
    {
        using var folder = new TempFolder();
        string file = folder.Write("token", text);

        Assert.Contains("is empty", Assert.Throws<IOException>(() => IngressToken.FromFile(file, _time, _log)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromFile_Missing_Throws() =>
        Assert.ThrowsAny<IOException>(() => IngressToken.FromFile("/nowhere/token", _time, _log));
}
