using System.Collections.Immutable;
using Talon.Rules.Catalog;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Reading;
using Talon.Rules.Text;

namespace Talon.Rules.Loading.Compiling;

/// <summary>Validates the notifiers of a rule against the catalog.</summary>
internal sealed class NotifierCompiler(IPluginCatalog catalog, DiagnosticBag bag)
{
    /// <summary>The notifiers that this version can run, each once, under their documented names. The rule may write them in any case.</summary>
    public ImmutableArray<string> Compile(RawRule rule, DiagnosticScope scope)
    {
        var built = ImmutableArray.CreateBuilder<string>();
        foreach (var written in rule.Notifiers)
        {
            if (catalog.Notifiers.FirstOrDefault(known => known.Name.Equals(written.Value, StringComparison.OrdinalIgnoreCase)) is not { } notifier)
            {
                bag.Add(
                    DiagnosticSeverity.Error,
                    written.Mark,
                    scope,
                    $"unknown notifier {CanonicalText.Quote(written.Value)}",
                    Suggest.HintFor(written.Value, [.. catalog.Notifiers.Select(known => known.Name)]));
            }
            else if (!notifier.IsBuilt)
            {
                bag.Add(
                    bag.LenientSeverity,
                    written.Mark,
                    scope,
                    $"this version of Talon cannot notify {notifier.Name} yet",
                    ActionCompiler.InsteadOf("remove it from 'notifiers'", catalog.Notifiers.Where(other => other.IsBuilt).Select(other => other.Name)));
            }
            else if (!built.Contains(notifier.Name))
            {
                built.Add(notifier.Name);
            }
        }

        return built.ToImmutable();
    }
}
