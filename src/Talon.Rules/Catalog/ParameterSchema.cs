using System.Collections.Immutable;
using System.Globalization;
using Talon.Rules.Text;

namespace Talon.Rules.Catalog;

/// <summary>The parameters that an actionner or output takes, or the settings of a notifier.</summary>
/// <param name="Specs">One for each parameter, in the order in which they are listed to users.</param>
public sealed record ParameterSchema(ImmutableArray<ParameterSpec> Specs)
{
    // A hint does not repeat a longer literal: nobody needs it to find the place.
    private const int LongestLiteral = 120;

    /// <summary>Takes no parameters.</summary>
    public static ParameterSchema None { get; } = new(ImmutableArray<ParameterSpec>.Empty);

    /// <summary>What the things are called in messages. Default <c>parameter</c>.</summary>
    public string Word { get; init; } = "parameter";

    /// <summary>
    /// A check of the parameters together, called when each of them is right: null when they are, else a message that says
    /// what is wrong and how to correct it. Must not throw.
    /// </summary>
    public Func<ParameterMap, string?>? Check { get; init; }

    /// <summary>
    /// What is missing where one of several parameters must be given, and how to correct that; null when nothing is. Called
    /// when each that is given is right. Must not throw.
    /// </summary>
    public Func<ParameterMap, string?>? Missing { get; init; }

    /// <summary>
    /// Checks parameters against the schema. Types are strict, names match in any case, a parameter without a value counts as
    /// not given. All problems are reported.
    /// </summary>
    public ParameterBinding Bind(ParameterMap given)
    {
        var problems = ImmutableArray.CreateBuilder<ParameterProblem>();
        var bound = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        foreach (var (name, written) in given)
        {
            if (Find(name) is not { } spec)
            {
                problems.Add(Unknown(name));
                continue;
            }

            var value = spec.TakesFlag && written is ParameterValue.Flag flag ? new ParameterValue.Text(flag.Value ? "true" : "false") : written;
            if (value is not ParameterValue.Nothing && !bound.TryAdd(spec.Name, value))
            {
                problems.Add(new ParameterProblem(name, null, $"{Word} '{spec.Name}' is given twice", "keep one of them"));
            }
            else if (value is not ParameterValue.Nothing)
            {
                CheckValue(name, spec, value, problems);
            }
        }

        foreach (var spec in Specs)
        {
            if (spec.Required && !bound.ContainsKey(spec.Name))
            {
                problems.Add(new ParameterProblem(null, null, $"{Word} '{spec.Name}' is missing", $"it is required: {spec.Description}", IsMissing: true));
            }
        }

        var parameters = ParameterMap.From(bound);
        if (problems.Count == 0 && Missing?.Invoke(parameters) is { } missing)
        {
            problems.Add(new ParameterProblem(null, null, missing, IsMissing: true));
        }

        if (problems.Count == 0 && Check?.Invoke(parameters) is { } message)
        {
            problems.Add(new ParameterProblem(null, null, message));
        }

        return new ParameterBinding(parameters, problems.ToImmutable());
    }

    /// <summary>The parameter of that name in any case, or null.</summary>
    public ParameterSpec? Find(string name)
    {
        foreach (var spec in Specs)
        {
            if (spec.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return spec;
            }
        }

        return null;
    }

    private void CheckValue(string name, ParameterSpec spec, ParameterValue value, ImmutableArray<ParameterProblem>.Builder problems)
    {
        int before = problems.Count;
        switch (spec.Type, value)
        {
            case (ParameterType.Whole, ParameterValue.Whole { Value: var number }) when spec.Range?.Contains(number) == false:
            case (ParameterType.Whole, ParameterValue.Real { IsLargeWhole: true }) when spec.Range is not null:
                problems.Add(new ParameterProblem(name, null, $"{Word} '{spec.Name}': must be {spec.Range.Expected}"));
                break;
            case (ParameterType.Text, ParameterValue.Text):
            case (ParameterType.Whole, ParameterValue.Whole):
            case (ParameterType.Flag, ParameterValue.Flag):
                break;
            case (ParameterType.TextList, ParameterValue.List list):
                CheckItems(name, spec, list, problems);
                break;
            case (ParameterType.TextMap, ParameterValue.Map map):
                CheckEntries(name, spec, map, problems);
                break;
            case (ParameterType.Whole, ParameterValue.Real { IsLargeWhole: true } real):
                var (size, bound) = real.Literal[0] == '-' ? ("small", $"at least {long.MinValue}") : ("large", $"at most {long.MaxValue}");
                problems.Add(new ParameterProblem(name, null, $"{Word} '{spec.Name}' is too {size}", $"write {bound}"));
                break;
            default:
                problems.Add(new ParameterProblem(
                    name, null, $"{Word} '{spec.Name}' must be {Describe(spec.Type)}, not {Describe(value)}", HintFor(spec, spec.Type, value)));
                break;
        }

        if (problems.Count == before && spec.Check?.Invoke(value) is { } message)
        {
            problems.Add(new ParameterProblem(name, null, $"{Word} '{spec.Name}': {message}"));
        }
    }

    private void CheckItems(string name, ParameterSpec spec, ParameterValue.List list, ImmutableArray<ParameterProblem>.Builder problems)
    {
        for (int i = 0; i < list.Items.Length; i++)
        {
            if (list.Items[i] is not ParameterValue.Text)
            {
                problems.Add(new ParameterProblem(
                    name,
                    i.ToString(),
                    $"item {i + 1} of {Word} '{name}' must be a text, not {Describe(list.Items[i])}",
                    HintFor(spec, ParameterType.Text, list.Items[i])));
            }
        }
    }

    private void CheckEntries(string name, ParameterSpec spec, ParameterValue.Map map, ImmutableArray<ParameterProblem>.Builder problems)
    {
        foreach (var (key, entry) in map.Entries)
        {
            if (entry is not (ParameterValue.Text or ParameterValue.Nothing))
            {
                problems.Add(new ParameterProblem(
                    name, key, $"entry '{key}' of {Word} '{name}' must be a text, not {Describe(entry)}", HintFor(spec, ParameterType.Text, entry)));
            }
        }
    }

    private ParameterProblem Unknown(string name)
    {
        string hint = Specs.IsEmpty ? $"there are no {Word}s here" : Suggest.HintFor(name, [.. Specs.Select(spec => spec.Name)]);
        return new ParameterProblem(name, null, $"unknown {Word} '{name}'", hint, IsUnknownName: true);
    }

    private static string? HintFor(ParameterSpec spec, ParameterType type, ParameterValue value) => (type, value) switch
    {
        (ParameterType.Text, ParameterValue.Whole or ParameterValue.Real or ParameterValue.Flag) when spec.IsSecret => "put it in quotes",
        (ParameterType.Text, ParameterValue.Whole whole) => InQuotes(whole.Literal ?? whole.Value.ToString(CultureInfo.InvariantCulture)),
        (ParameterType.Text, ParameterValue.Real real) => InQuotes(real.Literal),
        (ParameterType.Text, ParameterValue.Flag flag) => InQuotes(flag.Literal ?? (flag.Value ? "true" : "false")),
        (ParameterType.Whole, ParameterValue.Text) => "write the digits without quotes and unit",
        (ParameterType.Whole, ParameterValue.Real) => "write it without a fraction",
        (ParameterType.Flag, _) => "write true or false, without quotes",
        (ParameterType.TextList, _) => "write a list, one '- item' a line or [item, item]",
        (ParameterType.TextMap, _) => "write 'key: value' lines below it",
        _ => null,
    };

    private static string InQuotes(string literal) =>
        literal.Length > LongestLiteral ? "put it in quotes" : $"put it in quotes: \"{literal}\"";

    private static string Describe(ParameterType type) => type switch
    {
        ParameterType.Text => "a text",
        ParameterType.Whole => "a whole number",
        ParameterType.Flag => "true or false",
        ParameterType.TextList => "a list of texts",
        _ => "a map of texts",
    };

    private static string Describe(ParameterValue value) => value switch
    {
        ParameterValue.Text => "a text",
        ParameterValue.Whole => "a whole number",
        ParameterValue.Real { IsLargeWhole: true } => "a whole number",
        ParameterValue.Real => "a number with a fraction",
        ParameterValue.Flag => "true or false",
        ParameterValue.List => "a list",
        ParameterValue.Map => "a map",
        _ => "nothing",
    };
}
