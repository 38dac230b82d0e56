namespace Talon.Rules.Catalog;

/// <summary>One parameter of an actionner or output, or one setting of a notifier.</summary>
public sealed record ParameterSpec
{
    /// <summary>The name as it is documented, in lower case; rule files may write it in any case.</summary>
    public required string Name { get; init; }

    /// <summary>What it may hold.</summary>
    public required ParameterType Type { get; init; }

    /// <summary>Whether it must be given.</summary>
    public bool Required { get; init; }

    /// <summary>Whether its value must not be shown, not even in a message that says what is wrong with it. Default false.</summary>
    public bool IsSecret { get; init; }

    /// <summary>
    /// Whether it names a file on the host of Talon whose text, with variables of the event in it, is read when the action runs.
    /// Default false.
    /// </summary>
    public bool IsTextFile { get; init; }

    /// <summary>Whether a text may be written as a flag as well, which stands for the text <c>true</c> or <c>false</c>. Default false.</summary>
    public bool TakesFlag { get; init; }

    /// <summary>What holds when it is not given, in words for lists and help. Empty when nothing does.</summary>
    public string DefaultText { get; init; } = "";

    /// <summary>What it means, one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>The numbers that a parameter of type <see cref="ParameterType.Whole"/> takes; null for those of 64 bits.</summary>
    public WholeRange? Range { get; init; }

    /// <summary>
    /// A check beyond the type, called with a value of the right type: null when it is right, else a message that says what is
    /// wrong and how to correct it, without the value when that is secret. Must not throw.
    /// </summary>
    public Func<ParameterValue, string?>? Check { get; init; }
}
