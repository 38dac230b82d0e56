using System.Text;
using Talon.Rules.Catalog;
using Talon.Rules.Loading.Compiling;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Files;
using Talon.Rules.Loading.Reading;
using Talon.Rules.Matching;

namespace Talon.Rules.Loading;

/// <summary>Reads rule files, merges, validates and compiles them. All or nothing: one error, and there is no rule set.</summary>
public static class RuleLoader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Loads rule files from disk, in order. A file that cannot be read is an error like any other.</summary>
    /// <param name="options">How strictly; null for <see cref="RuleLoadOptions.Default"/>.</param>
    public static RuleLoadResult LoadFromDisk(IReadOnlyList<string> paths, IPluginCatalog catalog, RuleLoadOptions? options = null)
    {
        return Load(RuleFileSnapshot.Read(paths, options), catalog, options);
    }

    /// <summary>Loads the rule files of a snapshot from exactly the bytes it holds. Never throws because of what is in them.</summary>
    /// <param name="options">How strictly; null for <see cref="RuleLoadOptions.Default"/>.</param>
    public static RuleLoadResult Load(RuleFileSnapshot snapshot, IPluginCatalog catalog, RuleLoadOptions? options = null)
    {
        options ??= RuleLoadOptions.Default;
        var bag = new DiagnosticBag([.. snapshot.Files.Select(file => file.Path)], options.Lenient);
        var files = new List<RuleFile>();
        foreach (var file in snapshot.Files)
        {
            if (TextOf(file, bag) is { } text)
            {
                files.Add(new RuleFile(file.Path, text));
            }
        }

        return Load(files, snapshot.Files.Length, catalog, bag);
    }

    /// <summary>Loads rule files, in order. Never throws because of what is in them.</summary>
    /// <param name="options">How strictly; null for <see cref="RuleLoadOptions.Default"/>.</param>
    public static RuleLoadResult Load(IReadOnlyList<RuleFile> files, IPluginCatalog catalog, RuleLoadOptions? options = null)
    {
        options ??= RuleLoadOptions.Default;
        return Load(files, files.Count, catalog, new DiagnosticBag([.. files.Select(file => file.Path)], options.Lenient));
    }

    private static RuleLoadResult Load(IReadOnlyList<RuleFile> files, int asked, IPluginCatalog catalog, DiagnosticBag bag)
    {
        if (asked == 0)
        {
            bag.AddFile("rules", "no rule file is given", "name at least one");
        }

        var reader = new RuleFileReader(bag);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (seen.Add(file.Path.StartsWith("./", StringComparison.Ordinal) ? file.Path[2..] : file.Path))
            {
                reader.Read(file);
            }
            else
            {
                bag.WarnOfFile(file.Path, "the file is given twice; it is read once", "name each file once");
            }
        }

        var keys = new MatchKeys();
        var compiler = new RuleCompiler(catalog, keys, bag);
        var rules = compiler.Compile(reader.Blocks, reader.Rules);
        if (rules.IsEmpty && !bag.HasErrors)
        {
            bag.WarnOfFile(files[0].Path, "there is no rule: nothing will ever be done", "add a rule, '- rule: name'");
        }

        var set = bag.HasErrors ? null : new RuleSet(RuleSetHash.Compute(rules), rules, keys);
        return new RuleLoadResult(set, bag.InOrder()) { Merged = compiler.Merged };
    }

    private static string? TextOf(RuleFileContent file, DiagnosticBag bag)
    {
        if (file.Problem is not null)
        {
            bag.AddFile(file.Path, file.Problem, file.Hint);
            return null;
        }

        try
        {
            ReadOnlySpan<byte> text = file.Bytes;
            return StrictUtf8.GetString(text.StartsWith("\uFEFF"u8) ? text[3..] : text);
        }
        catch (DecoderFallbackException)
        {
            bag.AddFile(file.Path, "the file is not UTF-8 text", "save it as UTF-8");
            return null;
        }
    }
}
