using System.Collections.Frozen;
using Fluid;
using Fluid.Ast;
using Talon.Rules.Text;

namespace Talon.Actors.Notifiers.Webhook;

/// <summary>Checks that a template uses only what there is: names of the record and its own, filters that keep what they give escaped, and short ranges.</summary>
internal sealed class TemplateNames(IReadOnlyList<string> names) : AstVisitor
{
    private const int LongestRange = 1000;

    private static readonly FrozenSet<string> Members = FrozenSet.Create(StringComparer.Ordinal, "size", "first", "last");

    private readonly HashSet<string> _own = new(StringComparer.Ordinal) { "forloop" };
    private bool _checks;
    private string? _problem;

    /// <summary>The filters that may be used. Those that are missing would let a text of an event out as it is, or load something.</summary>
    public static FrozenSet<string> Filters { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "abs", "append", "at_least", "at_most", "base64_encode", "capitalize", "ceil", "compact", "concat", "date", "default", "divided_by", "downcase", "first",
        "floor", "join", "json", "last", "lstrip", "map", "minus", "modulo", "plus", "prepend", "remove", "remove_first", "replace", "replace_first", "reverse",
        "round", "rstrip", "size", "slice", "sort", "split", "strip", "strip_html", "strip_newlines", "times", "truncate", "truncatewords", "uniq", "upcase",
        "url_encode", "where");

    /// <summary>What is wrong first; null when nothing is.</summary>
    public string? Check(IFluidTemplate template)
    {
        // The names that it makes itself come first: it may use them further up, in a loop.
        VisitTemplate(template);
        _checks = true;
        VisitTemplate(template);
        return _problem;
    }

    protected override Statement VisitAssignStatement(AssignStatement assignStatement)
    {
        _own.Add(assignStatement.Identifier);
        return base.VisitAssignStatement(assignStatement);
    }

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
    {
        _own.Add(captureStatement.Identifier);
        return base.VisitCaptureStatement(captureStatement);
    }

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        _own.Add(forStatement.Identifier);
        return base.VisitForStatement(forStatement);
    }

    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        if (_checks && memberExpression.Segments[0] is IdentifierSegment { Identifier: var name } && !_own.Contains(name))
        {
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                Say($"unknown name '{name}'; {Suggest.HintFor(name, names)}");
            }
            else if (!TemplateValues.HasMembers(name) && memberExpression.Segments.Skip(1).Any(segment => segment is not IdentifierSegment { Identifier: var member } || !Members.Contains(member)))
            {
                Say($"'{name}' is a value: it has nothing below it");
            }
        }

        foreach (var segment in memberExpression.Segments.OfType<IndexerSegment>())
        {
            Visit(segment.Expression);
        }

        return memberExpression;
    }

    protected override Expression VisitFilterExpression(FilterExpression filterExpression)
    {
        if (!Filters.Contains(filterExpression.Name))
        {
            Say($"unknown filter '{filterExpression.Name}'; {Suggest.HintFor(filterExpression.Name, [.. Filters.Order(StringComparer.Ordinal)])}");
        }

        return base.VisitFilterExpression(filterExpression);
    }

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression)
    {
        if (rangeExpression is not { From: LiteralExpression from, To: LiteralExpression to } || to.Value.ToNumberValue() - from.Value.ToNumberValue() >= LongestRange)
        {
            Say($"a range must go from a number to a number, over at most {LongestRange}");
        }

        return base.VisitRangeExpression(rangeExpression);
    }

    private void Say(string problem) => _problem ??= problem;
}
