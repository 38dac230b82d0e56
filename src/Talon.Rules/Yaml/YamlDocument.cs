using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Talon.Rules.Yaml;

/// <summary>
/// Reads YAML into nodes that know their place. It takes YAML 1.2 with anchors, aliases and merge keys (<c>&lt;&lt;</c>), any
/// number of documents, and refuses what hides mistakes: duplicate keys, keys that are not scalars, tags other than
/// <c>!!str</c>. Values are bounded in number and depth, so that nested aliases cannot blow up.
/// </summary>
public static class YamlDocument
{
    /// <summary>Reads a whole file. Never throws because of what is in it.</summary>
    /// <param name="file">The path, for messages.</param>
    /// <param name="limits">What the file may cost; null for <see cref="YamlLimits.Default"/>.</param>
    public static YamlReadResult Read(string file, string text, YamlLimits? limits = null)
    {
        var documents = ImmutableArray.CreateBuilder<YamlNode>();
        var problems = ImmutableArray.CreateBuilder<YamlProblem>();
        var parser = new Parser(new StringReader(text));
        var builder = new YamlTreeBuilder(file, parser, limits ?? YamlLimits.Default, problems);
        try
        {
            parser.Consume<StreamStart>();
            while (!parser.TryConsume<StreamEnd>(out _))
            {
                parser.Consume<DocumentStart>();
                var root = builder.ReadDocument();
                parser.Consume<DocumentEnd>();
                if (!root.IsNull)
                {
                    documents.Add(root);
                }
            }
        }
        catch (YamlLimitException e)
        {
            problems.Add(e.Problem);
        }
        catch (YamlException e)
        {
            problems.Add(YamlSyntaxProblem.Of(file, text, parser.Current?.End ?? Mark.Empty, e));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // The library meets some faults ("%~", a flow list that is not closed) with its own failures instead of a syntax error.
            problems.Add(YamlSyntaxProblem.Of(file, text, parser.Current?.End ?? Mark.Empty, exception: null));
        }

        return new YamlReadResult(documents.ToImmutable(), problems.ToImmutable());
    }
}
