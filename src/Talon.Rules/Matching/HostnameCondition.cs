using System.Collections.Immutable;
using System.Text;
using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary><c>match.hostname</c>: the event's host is one of these, letter by letter.</summary>
internal sealed class HostnameCondition(ImmutableArray<string> names) : IEventCondition
{
    private readonly (string Name, byte[] Utf8)[] _names = [.. names.Select(name => (name, Encoding.UTF8.GetBytes(name)))];

    public ImmutableArray<string> Names { get; } = names;

    public string Canonical => CanonicalText.Of("hostname", [.. Names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    public bool Holds(in EventView view)
    {
        foreach (var (name, utf8) in _names)
        {
            if (view.Event.HostnameEquals(name, utf8))
            {
                return true;
            }
        }

        return false;
    }

    public string Explain(in EventView view) =>
        $"hostname: the event comes from host {CanonicalText.Quote(view.Event.Hostname)}, not from {string.Join(" or ", Names.Select(CanonicalText.Quote))}";

    public string ExplainHeld(in EventView view) => $"hostname is {CanonicalText.Quote(view.Event.Hostname)}";
}
