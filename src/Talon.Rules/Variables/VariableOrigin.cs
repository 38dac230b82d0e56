namespace Talon.Rules.Variables;

/// <summary>Who shaped a piece of text.</summary>
public enum VariableOrigin
{
    /// <summary>The author of the rule: trusted as the rule itself is.</summary>
    Rule = 0,

    /// <summary>The event, and so possibly an attacker: data wherever it goes, never part of a shell line, path or URL without a check of its own.</summary>
    Event = 1,

    /// <summary>The context of the action: Talon's own words about rule and action, and what was looked up about a node or account.</summary>
    Context = 2,
}
