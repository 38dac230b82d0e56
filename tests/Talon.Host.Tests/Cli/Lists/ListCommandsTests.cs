using System.Text.Json;
using Talon.Actors.Catalog;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Cli.Lists;

public sealed class ListCommandsTests
{
    private readonly TestCli _cli = new();

    [Fact]
    public async Task OutputsList_Text_HasTheDocumentedForm()
    {
        Assert.Equal(0, await _cli.RunAsync("outputs", "list"));

        string[] items = Items(_cli.Out);
        Assert.Equal(["local:file", "minio:s3", "aws:s3", "gcp:gcs"], items.Select(Header));
        Assert.StartsWith("local:file ---\n\nname: file\ncategory: local\ndescription: ", items[0], StringComparison.Ordinal);
        Assert.Equal("name,category,description,parameters,permissions,example", Keys(items[0]));
        Assert.All(items[1..], item => Assert.Equal("name,category,description,parameters,permissions,example", Keys(item)));
        Assert.Contains("\nparameters:\n  bucket (required): ''\n  endpoint: that of the region\n", items[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task NotifiersList_Text_LeavesOutWhatIsEmpty()
    {
        Assert.Equal(0, await _cli.RunAsync("notifiers", "list"));

        string[] items = Items(_cli.Out);
        Assert.Equal(["k8sevents", "slack", "smtp", "webhook", "loki", "elasticsearch"], items.Select(Header));
        Assert.Equal("name,description,parameters,permissions,example", Keys(items[0]));
        Assert.Equal("name,description,parameters,example", Keys(items[1]));
        Assert.Contains("\n  webhook_url: ", items[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ActionnersList_Text_AllCanBeRun()
    {
        Assert.Equal(0, await _cli.RunAsync("actionners", "list"));

        // Only what cannot be run has the line.
        string[] items = Items(_cli.Out);
        Assert.Contains("aws:lambda", items.Select(Header));
        Assert.All(items, item => Assert.DoesNotContain("available", Keys(item), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("actionners")]
    [InlineData("outputs")]
    [InlineData("notifiers")]
    public async Task List_Json_AlwaysSaysWhetherItCanBeRun(string kind)
    {
        Assert.Equal(0, await _cli.RunAsync(kind, "list", "-o", "json"));

        using var json = JsonDocument.Parse(_cli.Out);
        Assert.NotEmpty(json.RootElement.EnumerateArray());
        Assert.All(json.RootElement.EnumerateArray(), item =>
        {
            bool built = kind switch
            {
                "actionners" => PluginCatalog.Default.Actionners.Single(each => each.Name.Category == Text(item, "category") && each.Name.Name == Text(item, "name")).IsBuilt,
                "outputs" => PluginCatalog.Default.Outputs.Single(each => each.Name == $"{Text(item, "category")}:{Text(item, "name")}").IsBuilt,
                _ => PluginCatalog.Default.Notifiers.Single(each => each.Name == Text(item, "name")).IsBuilt,
            };
            Assert.Equal(built, item.GetProperty("available").GetBoolean());
            Assert.Equal("available", item.EnumerateObject().Last().Name);
        });
    }

    [Theory]
    [InlineData("actionners")]
    [InlineData("outputs")]
    [InlineData("notifiers")]
    public async Task List_Json_TellsWhatEachParameterIs(string kind)
    {
        Assert.Equal(0, await _cli.RunAsync(kind, "list", "-o", "json"));

        using var json = JsonDocument.Parse(_cli.Out);
        var parameters = json.RootElement.EnumerateArray()
            .Where(item => item.TryGetProperty("parameters", out _)).SelectMany(item => item.GetProperty("parameters").EnumerateArray()).ToList();
        Assert.NotEmpty(parameters);
        Assert.All(parameters, parameter =>
        {
            Assert.StartsWith("name,type,required,default,description", string.Join(',', parameter.EnumerateObject().Select(each => each.Name)), StringComparison.Ordinal);
            Assert.Contains(parameter.GetProperty("type").GetString(), new[] { "text", "number", "flag", "list", "map" });
            Assert.Equal(parameter.GetProperty("required").GetBoolean(), parameter.GetProperty("default").GetString() == "");
            Assert.EndsWith(".", parameter.GetProperty("description").GetString(), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("actionners", "terminate", "grace_period_seconds", "number", false)]
    [InlineData("actionners", "terminate", "ignore_daemonsets", "flag", false)]
    [InlineData("actionners", "label", "labels", "map", false)]
    [InlineData("actionners", "networkpolicy", "allow_cidr", "list", false)]
    [InlineData("outputs", "file", "destination", "text", false)]
    [InlineData("notifiers", "smtp", "password", "text", true)]
    [InlineData("notifiers", "smtp", "user", "text", false)]
    public async Task List_Json_SaysTypeAndSecret(string kind, string item, string parameter, string type, bool secret)
    {
        Assert.Equal(0, await _cli.RunAsync(kind, "list", "-o", "json"));

        using var json = JsonDocument.Parse(_cli.Out);
        var found = json.RootElement.EnumerateArray().First(each => each.GetProperty("name").GetString() == item)
            .GetProperty("parameters").EnumerateArray().Single(each => each.GetProperty("name").GetString() == parameter);
        Assert.Equal(type, found.GetProperty("type").GetString());
        Assert.Equal(secret, found.TryGetProperty("secret", out var told) && told.GetBoolean());
    }

    // Every item begins with its header at the beginning of a line.
    private static string[] Items(string text) => ("\n" + text.ReplaceLineEndings("\n")).Split("\n--- ", StringSplitOptions.RemoveEmptyEntries);

    private static string? Text(JsonElement item, string key) => item.GetProperty(key).GetString();

    private static string Header(string item) => item[..item.IndexOf(" ---", StringComparison.Ordinal)];

    private static string Keys(string item) =>
        string.Join(',', item.Split('\n').Skip(1).Where(line => line.Length > 0 && char.IsLetter(line[0])).Select(line => line.Split(':')[0]));
}
