using System.Collections.Immutable;
using System.IO.Enumeration;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Text;

namespace Talon.Actors.Plugins;

/// <summary>The settings that every notifier has: what it hears of, and for how long a record is tried.</summary>
public sealed record DeliverySettings
{
    private const string NotifyOnName = "notify_on";
    private const string MinPriorityName = "min_priority";
    private const string RulesName = "rules";
    private const string MaxAgeName = "max_age";

    private static readonly string[] Words = ["success", "failure", "ignored", "dry_run"];
    private static readonly TimeSpan LongestMaxAge = TimeSpan.FromDays(1);

    /// <summary>How a record is tried when nothing is said: for 15 min.</summary>
    public static TimeSpan DefaultMaxAge { get; } = TimeSpan.FromMinutes(15);

    // Below what it is made of: static members are made in their order.
    /// <summary>A notifier that hears of everything.</summary>
    public static DeliverySettings All { get; } = new();

    /// <summary>What each notifier has beside its own settings.</summary>
    public static ImmutableArray<ParameterSpec> Specs { get; } =
    [
        new ParameterSpec
        {
            Name = NotifyOnName,
            Type = ParameterType.TextList,
            DefaultText = "all of them",
            Description = "Of which outcomes it hears: success, failure, ignored, dry_run. What Talon says of itself counts as failure.",
            Check = ParameterChecks.Each(text => Words.Contains(text, StringComparer.Ordinal) ? null : $"must be {string.Join(", ", Words[..^1])} or {Words[^1]}"),
        },
        new ParameterSpec
        {
            Name = MinPriorityName,
            Type = ParameterType.Text,
            DefaultText = "none",
            Description = "The lowest priority of a Falco event that it hears of; what Talon says of itself has none and is always told.",
            Check = ParameterChecks.Text(text => PriorityName.Parse(text) != Priority.Unknown ? null : $"must be one of {string.Join(", ", PriorityName.All)}"),
        },
        new ParameterSpec
        {
            Name = RulesName,
            Type = ParameterType.TextList,
            DefaultText = "all of them",
            Description = "Of which rules it hears, by name; * stands for any text and ? for one character.",
            Check = ParameterChecks.Each(ParameterChecks.NotBlank),
        },
        new ParameterSpec
        {
            Name = MaxAgeName,
            Type = ParameterType.Text,
            DefaultText = "15m",
            Description = "For how long a record is tried; later it is given up.",
            Check = ParameterChecks.Text(text => DurationText.TryParse(text, LongestMaxAge, out var age) && age > TimeSpan.Zero
                ? null
                : "must be a duration from 1s to 1d, such as 90s, 15m or 1h"),
        },
    ];

    /// <summary>The outcomes it hears of, by the words of the setting; empty for all.</summary>
    public ImmutableArray<string> NotifyOn { get; init; } = [];

    /// <summary>The lowest priority it hears of; <see cref="Priority.Unknown"/> for any.</summary>
    public Priority MinPriority { get; init; }

    /// <summary>Patterns of the rules it hears of; empty for all.</summary>
    public ImmutableArray<string> Rules { get; init; } = [];

    /// <summary>For how long a record is tried. Default 15 min.</summary>
    public TimeSpan MaxAge { get; init; } = DefaultMaxAge;

    /// <summary>Reads them out of all settings of a notifier, already checked, and gives the others.</summary>
    public static (DeliverySettings Delivery, ParameterMap Own) Split(ParameterMap settings)
    {
        bool IsOurs(string name) => Specs.Any(spec => spec.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        var map = new ParameterSchema(Specs).Bind(ParameterMap.From(settings.Where(setting => IsOurs(setting.Key)))).Parameters;
        var delivery = new DeliverySettings
        {
            NotifyOn = map.GetTexts(NotifyOnName),
            MinPriority = PriorityName.Parse(map.GetText(MinPriorityName)),
            Rules = map.GetTexts(RulesName),
            MaxAge = DurationText.TryParse(map.GetText(MaxAgeName), LongestMaxAge, out var age) ? age : DefaultMaxAge,
        };
        return (delivery, ParameterMap.From(settings.Where(setting => !IsOurs(setting.Key))));
    }

    /// <summary>Whether the notifier hears of it.</summary>
    public bool Wants(Notification notification)
    {
        string word = notification.DryRun ? "dry_run" : notification.Status;
        return (NotifyOn.IsEmpty || NotifyOn.Contains(word, StringComparer.Ordinal))
            && (notification.IsOfTalon
                || ((Rules.IsEmpty || Rules.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, notification.Rule, ignoreCase: false)))
                    && (MinPriority == Priority.Unknown || PriorityName.Parse(notification.Priority) >= MinPriority)));
    }
}
