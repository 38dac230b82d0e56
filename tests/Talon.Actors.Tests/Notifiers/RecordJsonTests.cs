using System.Text;
using System.Text.Json;
using Talon.Actors.Notifiers;

namespace Talon.Actors.Tests.Notifiers;

public sealed class RecordJsonTests
{
    [Fact]
    public void Record_OfEachKind_IsTheGoldenLine() =>
        Golden.AssertSame("Golden/records.jsonl", Encoding.UTF8.GetBytes(string.Concat(Records.All.Select(record => $"{Encoding.UTF8.GetString(RecordJson.ToUtf8(record))}\n"))));

    [Fact]
    public void Record_HostileText_ComesBackAsItWas()
    {
        byte[] line = RecordJson.ToUtf8(Records.Failure);

        Assert.DoesNotContain((byte)'\n', line);
        Assert.DoesNotContain((byte)'<', line);
        using var json = JsonDocument.Parse(line);
        Assert.Equal(Records.Failure.Text, json.RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public void Record_HalfASurrogatePair_IsStillJson()
    {
        using var json = JsonDocument.Parse(RecordJson.ToUtf8(Records.Success with { Text = "a\ud83d" }));

        Assert.Equal("a\ufffd", json.RootElement.GetProperty("output").GetString());
    }

    [Fact]
    public void Record_OfTalon_HasNoEmptyField()
    {
        using var json = JsonDocument.Parse(RecordJson.ToUtf8(Records.OfTalon));

        Assert.Equal(["time", "objects", "message", "error", "status", "id"], json.RootElement.EnumerateObject().Select(field => field.Name));
    }

    [Theory]
    [InlineData("pod", "Pod")]
    [InlineData("networkPolicy", "Networkpolicy")]
    [InlineData("config map", "Config Map")]
    [InlineData("service_account", "Service_account")]
    [InlineData("a-b.c", "A-B.C")]
    [InlineData("", "")]
    public void Title_IsAsInTheOriginal(string name, string title) => Assert.Equal(title, RecordJson.Title(name));
}
