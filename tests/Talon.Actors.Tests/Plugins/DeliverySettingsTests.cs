using Talon.Actors.Plugins;
using Talon.Actors.Tests.Pipeline.Notifying;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Loading.Compiling;
using Talon.Rules.Yaml;

namespace Talon.Actors.Tests.Plugins;

public sealed class DeliverySettingsTests
{
    [Theory]
    [InlineData("{}", "success", "Notice", "Shell", true)]
    [InlineData("{}", "dry_run", "", "", true)]
    [InlineData("notify_on: [failure]", "failure", "Notice", "Shell", true)]
    [InlineData("notify_on: [failure]", "success", "Notice", "Shell", false)]
    [InlineData("notify_on: [failure]", "dry_run", "Notice", "Shell", false)]
    [InlineData("notify_on: [failure, ignored]", "ignored", "Notice", "Shell", true)]
    [InlineData("notify_on: [dry_run]", "dry_run", "Notice", "Shell", true)]
    [InlineData("notify_on: [ignored, success]", "dry_run", "Notice", "Shell", false)]
    [InlineData("min_priority: warning", "success", "Warning", "Shell", true)]
    [InlineData("min_priority: warning", "success", "critical", "Shell", true)]
    [InlineData("min_priority: warning", "success", "Notice", "Shell", false)]
    [InlineData("min_priority: warning", "success", "grave", "Shell", false)]
    [InlineData("rules: [Shell]", "success", "Notice", "Shell", true)]
    [InlineData("rules: [Shell]", "success", "Notice", "shell", false)]
    [InlineData("rules: [Shell]", "success", "Notice", "Shells", false)]
    [InlineData("rules: [A, \"*hel?\"]", "success", "Notice", "Shell", true)]
    [InlineData("{rules: [\"S*\"], min_priority: Error, notify_on: [failure]}", "failure", "Error", "Shell", true)]
    [InlineData("{rules: [\"S*\"], min_priority: Error, notify_on: [failure]}", "failure", "Error", "Other", false)]
    public void Wants_RecordOfAnAction_ByAllThatIsSet(string yaml, string word, string priority, string rule, bool wanted)
    {
        var record = Notifications.Of(1, word == "dry_run" ? "ignored" : word) with { DryRun = word == "dry_run", Priority = priority, Rule = rule };

        Assert.Equal(wanted, Read(yaml).Delivery.Wants(record));
    }

    [Theory]
    [InlineData("{rules: [Shell], min_priority: Error}", true)]
    [InlineData("notify_on: [failure]", true)]
    [InlineData("notify_on: [success]", false)]
    public void Wants_RecordOfTalonItself_HasNoRuleAndPriority(string yaml, bool wanted) =>
        Assert.Equal(wanted, Read(yaml).Delivery.Wants(Notifications.Of(1, "failure") with { Kind = "talon", Rule = "", Priority = "" }));

    [Fact]
    public void Split_All_ReadsThemAndLeavesTheOthers()
    {
        var (delivery, own) = Read("{notify_on: [failure], min_priority: Error, rules: [A], max_age: 90s, url: https://x}");

        Assert.Equal((Priority.Error, TimeSpan.FromSeconds(90)), (delivery.MinPriority, delivery.MaxAge));
        Assert.Equal<string>(["failure"], delivery.NotifyOn);
        Assert.Equal<string>(["A"], delivery.Rules);
        Assert.Equal(["url"], own.Names);
        Assert.Equal(TimeSpan.FromMinutes(15), Read("{}").Delivery.MaxAge);
    }

    [Theory]
    [InlineData("notify_on: [fail]", "setting 'notify_on': item 1: must be success, failure, ignored or dry_run")]
    [InlineData("min_priority: grave", "setting 'min_priority': must be one of Debug, Informational, Notice, Warning, Error, Critical, Alert, Emergency")]
    [InlineData("rules: [\"\"]", "setting 'rules': item 1: must not be empty")]
    [InlineData("max_age: 0s", "setting 'max_age': must be a duration from 1s to 1d, such as 90s, 15m or 1h")]
    [InlineData("max_age: 2d", "setting 'max_age': must be a duration from 1s to 1d, such as 90s, 15m or 1h")]
    public void Bind_WrongValue_SaysWhatWouldBeRight(string yaml, string message)
    {
        var problem = Assert.Single((new ParameterSchema(DeliverySettings.Specs) with { Word = "setting" }).Bind(Of(yaml)).Problems);

        Assert.Equal(message, problem.Message);
    }

    private static (DeliverySettings Delivery, ParameterMap Own) Read(string yaml) => DeliverySettings.Split(Of(yaml));

    private static ParameterMap Of(string yaml) => ParameterNodes.ToMap((YamlNode.Mapping)YamlDocument.Read("settings.yaml", yaml).Documents[0]);
}
