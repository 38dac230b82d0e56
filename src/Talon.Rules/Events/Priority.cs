namespace Talon.Rules.Events;

/// <summary>How serious Falco considers an event. The number grows with the gravity, so that comparators compare numbers.</summary>
public enum Priority
{
    /// <summary>Missing, or a word that Falco does not know. Satisfies no comparator of a rule.</summary>
    Unknown = 0,

    /// <summary>The least serious.</summary>
    Debug = 1,

    /// <summary>Also written <c>Info</c>.</summary>
    Informational = 2,

    /// <summary>Above <see cref="Informational"/>.</summary>
    Notice = 3,

    /// <summary>Above <see cref="Notice"/>.</summary>
    Warning = 4,

    /// <summary>Above <see cref="Warning"/>.</summary>
    Error = 5,

    /// <summary>Above <see cref="Error"/>.</summary>
    Critical = 6,

    /// <summary>Above <see cref="Critical"/>.</summary>
    Alert = 7,

    /// <summary>The most serious.</summary>
    Emergency = 8,
}
