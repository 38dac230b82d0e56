using System.Text;
using Talon.Rules.Matching;
using Talon.Rules.Plugins;

namespace Talon.Rules.Loading;

/// <summary>Reads rule files, merges, validates and compiles them. All or nothing: any error and there is no rule set.</summary>
public static class RuleLoader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Loads rule files from disk, in order. A file that cannot be read is an error like any other.</summary>
    /// <param name="paths">The paths.</param>
    /// <param name="catalog">What actionners there are.</param>
    /// <param name="options">How strictly; null for <see cref="RuleLoadOptions.Default"/>.</param>
    public static RuleLoadResult LoadFromDisk(IReadOnlyList<string> paths, IPluginCatalog catalog, RuleLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(catalog);
        options ??= RuleLoadOptions.Default;
        var bag = new DiagnosticBag(paths, options.Lenient);
        var files = new List<RuleFile>();
        foreach (string path in paths)
        {
            if (ReadText(path, options, bag) is { } text)
            {
                files.Add(new RuleFile(path, text));
            }
        }

        return Load(files, paths.Count, catalog, bag);
    }

    /// <summary>Loads rule files, in order. Never throws because of what is in them.</summary>
    /// <param name="files">The files.</param>
    /// <param name="catalog">What actionners there are.</param>
    /// <param name="options">How strictly; null for <see cref="RuleLoadOptions.Default"/>.</param>
    public static RuleLoadResult Load(IReadOnlyList<RuleFile> files, IPluginCatalog catalog, RuleLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(catalog);
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
        foreach (var file in files)
        {
            reader.Read(file);
        }

        var keys = new MatchKeys();
        var compiler = new RuleCompiler(catalog, keys, bag);
        var rules = compiler.Compile(reader.Blocks, reader.Rules);
        var set = bag.HasErrors ? null : new RuleSet(RuleSetHash.Compute(rules), rules, keys);
        return new RuleLoadResult(set, bag.InOrder()) { Merged = compiler.Merged };
    }

    private static string? ReadText(string path, RuleLoadOptions options, DiagnosticBag bag)
    {
        try
        {
            using var stream = File.OpenRead(path);
            byte[] content = ReadBounded(stream, options.MaxFileBytes + 1);
            if (content.Length > options.MaxFileBytes)
            {
                bag.AddFile(path, $"the file is larger than {options.MaxFileBytes} bytes", "split it into several files");
                return null;
            }

            ReadOnlySpan<byte> text = content;
            return StrictUtf8.GetString(text.StartsWith("\uFEFF"u8) ? text[3..] : text);
        }
        catch (DecoderFallbackException)
        {
            bag.AddFile(path, "the file is not UTF-8 text", "save it as UTF-8");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            bag.AddFile(path, "the file does not exist", "check the path");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            bag.AddFile(path, $"the file cannot be read: {e.Message}");
        }

        return null;
    }

    // The length of a device or pipe tells nothing: what is read is bounded instead.
    private static byte[] ReadBounded(FileStream stream, int limit)
    {
        using var content = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        int read;
        while (content.Length < limit && (read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, limit - content.Length))) > 0)
        {
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
