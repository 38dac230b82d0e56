using System.Collections.Immutable;
using Talon.Actors.Telemetry;
using Talon.Rules.Catalog;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Reload;

/// <summary>
/// Decides what a reading of the rule files means: nothing new, another set, or an error that leaves the last good set in force.
/// The same content does and logs nothing a second time. A set is complete before it is swapped in.
/// </summary>
/// <param name="tell">Tells people what is wrong; null for nobody.</param>
internal sealed class RuleReload(RuleBook book, string contentHash, IPluginCatalog catalog, ITalonLog log, Action<string>? tell = null)
{
    /// <summary>How many findings of one reading are logged.</summary>
    public const int MaxLogged = 20;

    /// <summary>How many errors <c>/readyz</c> shows.</summary>
    public const int MaxShown = 5;

    private string _inForce = contentHash;
    private string _seen = contentHash;

    /// <summary>The files could not be read. The same error is logged once in a row.</summary>
    public void Fail(string error)
    {
        // No content has the hash of an error: whatever the next reading finds is new.
        if (_seen != error)
        {
            _seen = error;
            Keep([error]);
        }
    }

    /// <summary>Puts into force what the files hold, if that is new and valid.</summary>
    public void Apply(RuleFileSnapshot snapshot)
    {
        if (snapshot.ContentHash == _seen)
        {
            return;
        }

        _seen = snapshot.ContentHash;
        if (_seen == _inForce)
        {
            book.Recover();
            Info($"the files hold the rules in force again (hash {book.Current.Hash})");
            return;
        }

        RuleLoadResult loaded;
        try
        {
            loaded = RuleLoader.Load(snapshot, catalog);
        }
        catch (Exception e)
        {
            // A fault of the loader must cost neither the rules in force nor the watching.
            Keep([$"a fault in the loading of rules: {e}"]);
            return;
        }

        if (loaded.Rules is not { } rules)
        {
            Keep(Findings.Of(loaded.Diagnostics, DiagnosticSeverity.Error));
            return;
        }

        if (rules.Rules.Length == 0 && book.Current.Rules.Length > 0)
        {
            // Nobody means that by emptying a file: what does so is a failed write, or a template without its values.
            Keep(["the rule files hold no rule; to stop all actions set dry_run or stop the server, or restart with empty files"]);
            return;
        }

        string old = book.Current.Hash;
        book.Swap(rules);
        _inForce = _seen;
        string have = rules.Rules.Length == 1 ? "rule has" : "rules have";
        Info($"{rules.Rules.Length} {have} been successfully reloaded ({(old == rules.Hash ? $"hash {old} as before" : $"hash {old} -> {rules.Hash}")})");
        foreach (string warning in Findings.Lines(Findings.Of(loaded.Diagnostics, DiagnosticSeverity.Warning), MaxLogged))
        {
            log.Write(new LogLine("rules") { Level = LogLineLevel.Warn, Result = warning });
        }
    }

    private void Keep(ImmutableArray<string> errors)
    {
        book.Keep(Findings.Lines(errors, MaxShown));
        foreach (string error in Findings.Lines(errors, MaxLogged))
        {
            log.Write(new LogLine("rules") { Level = LogLineLevel.Error, Error = error });
        }

        tell?.Invoke($"the rule files cannot be used, the set in force stays (hash {book.Current.Hash}):\n{string.Join('\n', Findings.Lines(errors, MaxShown))}");
        log.Write(new LogLine("rules")
        {
            Level = LogLineLevel.Error,
            Error = $"invalid rules: {errors.Length} {(errors.Length == 1 ? "error" : "errors")}; the set in force stays (hash {book.Current.Hash})",
        });
    }

    private void Info(string result) => log.Write(new LogLine("rules") { Result = result });
}
