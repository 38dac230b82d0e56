using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Plugins;

public sealed class SettingChecksTests
{
    [Theory]
    [InlineData("https://a.example/x?y=1", true)]
    [InlineData("http://10.0.0.1:9200", true)]
    [InlineData("HTTPS://A", true)]
    [InlineData("a.example", false)]
    [InlineData("/path", false)]
    [InlineData("ftp://a.example", false)]
    [InlineData("https://", false)]
    [InlineData("see http://a.example", false)]
    [InlineData("", false)]
    public void Url_Text_IsAbsoluteHttp(string text, bool right) => Assert.Equal(right, SettingChecks.Url(new ParameterValue.Text(text)) is null);

    [Theory]
    [InlineData("smtp.example.org:587", "smtp.example.org", 587)]
    [InlineData("10.0.0.1:25", "10.0.0.1", 25)]
    [InlineData("[2001:db8::1]:25", "2001:db8::1", 25)]
    public void TryHostPort_Right_IsTaken(string text, string host, int port)
    {
        Assert.True(SettingChecks.TryHostPort(text, out string readHost, out int readPort));
        Assert.Equal((host, port), (readHost, readPort));
    }

    [Theory]
    [InlineData("smtp.example.org")]
    [InlineData("smtp.example.org:")]
    [InlineData("smtp.example.org:0")]
    [InlineData("smtp.example.org:65536")]
    [InlineData("smtp.example.org:25/x")]
    [InlineData("user@smtp.example.org:25")]
    [InlineData("smtp://smtp.example.org:25")]
    [InlineData(":25")]
    [InlineData("")]
    [InlineData(null)]
    public void TryHostPort_Wrong_IsRefused(string? text)
    {
        Assert.False(SettingChecks.TryHostPort(text, out _, out _));
        Assert.NotNull(SettingChecks.HostPort(new ParameterValue.Text(text ?? "")));
    }

    [Theory]
    [InlineData("a@example.org", true)]
    [InlineData("a@example.org, B <b@example.org>", true)]
    [InlineData("a@example.org,", false)]
    [InlineData("a@example.org\r\nBcc: b@example.org", false)]
    [InlineData("example.org", false)]
    public void MailAddresses_Text_AreTakenOrRefused(string text, bool right) =>
        Assert.Equal(right, SettingChecks.MailAddresses(new ParameterValue.Text(text)) is null);

    [Theory]
    [InlineData("X-Scope-OrgID", "a b", true)]
    [InlineData("X Y", "a", false)]
    [InlineData("", "a", false)]
    [InlineData("X:", "a", false)]
    [InlineData("X", "a\r\nY: b", false)]
    [InlineData("X", "ä", false)]
    public void Headers_Entry_IsTakenOrRefused(string name, string value, bool right) =>
        Assert.Equal(right, SettingChecks.Headers(new ParameterValue.Map(ParameterMap.Empty.With(name, new ParameterValue.Text(value)))) is null);

    [Theory]
    [InlineData("application/json; charset=utf-8", true)]
    [InlineData("json", false)]
    [InlineData("text/plain\r\nX: y", false)]
    public void MediaType_Text_IsTakenOrRefused(string text, bool right) => Assert.Equal(right, SettingChecks.MediaType(new ParameterValue.Text(text)) is null);
}
