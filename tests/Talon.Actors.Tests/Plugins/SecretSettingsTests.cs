using Talon.Actors.Catalog;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Plugins;

/// <summary>Secrets of notifiers as texts and in files, shown with the address of the webhook of Slack.</summary>
public sealed class SecretSettingsTests : IDisposable
{
    private const string Url = "https://hooks.slack.example/services/t0psecret";

    private static readonly NotifierDescriptor Slack = PluginCatalog.Default.Notifiers.Single(notifier => notifier.Name == "slack");

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Notifiers { get; } = [.. PluginCatalog.Default.Notifiers.Select(notifier => notifier.Name)];

    [Theory]
    [MemberData(nameof(Notifiers))]
    public void Schema_EachSecretText_MayStandInAFile(string name)
    {
        var specs = PluginCatalog.Default.Notifiers.Single(notifier => notifier.Name == name).Settings.Specs;

        Assert.All(
            specs.Where(spec => spec is { IsSecret: true, Type: ParameterType.Text }),
            spec => Assert.False(Assert.Single(specs, file => file.Name == spec.Name + "_file").IsSecret));
    }

    [Fact]
    public void Bind_EitherForm_IsEnoughAndBothOrNoneIsAnError()
    {
        Assert.Empty(Slack.Settings.Bind(Settings(("webhook_url", Url))).Problems);
        Assert.Empty(Slack.Settings.Bind(Settings(("webhook_url_file", "/s"))).Problems);

        var both = Assert.Single(Slack.Settings.Bind(Settings(("webhook_url", Url), ("webhook_url_file", "/s"))).Problems);
        Assert.Equal("settings 'webhook_url' and 'webhook_url_file' are both given; keep one of them", both.Message);
        var none = Assert.Single(Slack.Settings.Bind(Settings(("username", "x"))).Problems);
        Assert.StartsWith("setting 'webhook_url' is missing; it is required: ", none.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Or give webhook_url_file", none.Message, StringComparison.Ordinal);
        Assert.True(none.IsMissing);
    }

    [Fact]
    public void WithTextsOfFiles_File_GivesItsTextInPlaceOfItsPath()
    {
        string file = _folder.Write("url", $"  {Url}\n");

        var settings = SecretSettings.WithTextsOfFiles(Slack, Settings(("webhook_url_file", file), ("username", "x")));

        Assert.Equal(Settings(("webhook_url", Url), ("username", "x")), settings);
    }

    [Fact]
    public void WithTextsOfFiles_FileThatHoldsNoSuchText_NamesTheKeyAndNotTheText()
    {
        string missing = Path.Combine(_folder.Path, "missing");
        string empty = _folder.Write("empty", " \n");
        string large = _folder.Write("large", new string('t', (64 * 1024) + 1));
        string wrong = _folder.Write("wrong", "t0psecret");

        Assert.StartsWith("the file of notifiers.slack.webhook_url_file cannot be read: ", Fails<IOException>(missing).Message, StringComparison.Ordinal);
        Assert.Equal($"the file '{empty}' is empty: notifiers.slack.webhook_url_file must name one that holds the secret", Fails<IOException>(empty).Message);
        Assert.StartsWith($"the file '{large}' is larger than 64 KiB: notifiers.slack.webhook_url_file ", Fails<IOException>(large).Message, StringComparison.Ordinal);
        Assert.Equal(
            $"notifiers.slack.webhook_url_file: the text of the file '{wrong}' must be an absolute URL that begins with http:// or https://",
            Fails<SettingException>(wrong).Message);
    }

    [Fact]
    public void WithoutOtherForms_OneFormOverTheOther_TheOtherGoes()
    {
        Assert.Equal(
            Settings(("username", "x")),
            SecretSettings.WithoutOtherForms(Settings(("webhook_url", Url), ("username", "x")), Settings(("webhook_url_file", "/s"))));
        Assert.Equal(
            Settings(("ca_file", "/c")),
            SecretSettings.WithoutOtherForms(Settings(("webhook_url_file", "/s"), ("ca_file", "/c")), Settings(("webhook_url", Url))));
    }

    public void Dispose() => _folder.Dispose();

    private static T Fails<T>(string file)
        where T : Exception => Assert.Throws<T>(() => SecretSettings.WithTextsOfFiles(Slack, Settings(("webhook_url_file", file))));

    private static ParameterMap Settings(params (string Name, string Value)[] settings) =>
        ParameterMap.From(settings.Select(setting => KeyValuePair.Create<string, ParameterValue>(setting.Name, new ParameterValue.Text(setting.Value))));
}
