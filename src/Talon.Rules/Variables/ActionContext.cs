using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Talon.Rules.Catalog;
using Talon.Rules.Planning;
using Talon.Rules.Text;

namespace Talon.Rules.Variables;

/// <summary>What an action tells about itself in its context, under the keys of the original.</summary>
public static class ActionContext
{
    /// <summary>
    /// The keys <c>falco-talon.rule</c>, <c>falco-talon.action</c>, <c>falco-talon.actionner</c> and
    /// <c>falco-talon.action.parameters</c> (JSON, <c>null</c> without parameters); the two <c>continue</c> where the rule file
    /// says so, <c>falco-talon.rule.dry_run</c> and <c>falco-talon.action.ignore_errors</c> where they are true.
    /// </summary>
    public static ImmutableSortedDictionary<string, string> Of(PlannedRule rule, PlannedAction action)
    {
        var context = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        context["falco-talon.rule"] = rule.Name;
        AddFlag("falco-talon.rule.continue", rule.SaysContinue);
        AddFlag("falco-talon.rule.dry_run", rule.DryRun ? true : null);
        context["falco-talon.action"] = action.Name;
        AddFlag("falco-talon.action.continue", action.SaysContinue);
        AddFlag("falco-talon.action.ignore_errors", action.IgnoreErrors ? true : null);
        context["falco-talon.action.parameters"] = JsonOf(action.Parameters);
        context["falco-talon.actionner"] = action.Actionner.ToString();
        return context.ToImmutable();

        void AddFlag(string key, bool? value)
        {
            if (value is { } said)
            {
                context[key] = said ? "true" : "false";
            }
        }
    }

    private static string JsonOf(ParameterMap parameters)
    {
        if (parameters.Count == 0)
        {
            return "null";
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonCopy.CompactWriter(buffer))
        {
            ParameterJson.Plain.Write(writer, parameters);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
