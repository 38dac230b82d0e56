using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Talon.Rules.Loading.Files;

/// <summary>
/// What the rule files held when they were read. Each is read once, so that the bytes that are compared with an earlier snapshot are
/// the bytes that are loaded. A file that could not be read is part of it, with the reason.
/// </summary>
public sealed class RuleFileSnapshot
{
    private RuleFileSnapshot(ImmutableArray<RuleFileContent> files, bool canBeReadAgain)
    {
        Files = files;
        CanBeReadAgain = canBeReadAgain;
        ContentHash = Hash(files);
    }

    /// <summary>
    /// SHA-256 over the paths and the bytes of all files in order, 64 hex digits; of a file that could not be read the reason counts.
    /// Unlike the hash of a rule set it changes with every character.
    /// </summary>
    public string ContentHash { get; }

    /// <summary>Whether all files keep their content when they are read. False for pipes and other streams.</summary>
    public bool CanBeReadAgain { get; }

    internal ImmutableArray<RuleFileContent> Files { get; }

    /// <summary>Reads rule files, each once, also from pipes and devices. Never throws because of what is on the disk.</summary>
    /// <param name="paths">The paths, in the order in which they are merged.</param>
    /// <param name="options">How large a file may be; null for <see cref="RuleLoadOptions.Default"/>.</param>
    public static RuleFileSnapshot Read(IReadOnlyList<string> paths, RuleLoadOptions? options = null)
    {
        return Read([.. paths.Select(path => new RuleFilePath(path, path))], static _ => true, options);
    }

    /// <summary>Reads rule files, each once. Never throws because of what is on the disk.</summary>
    /// <param name="files">The files, in the order in which they are merged.</param>
    /// <param name="mayBeRead">
    /// Says of a path that exists and is no directory whether it may be opened. What may not is a problem of the file like any other:
    /// opening a pipe that nobody writes to never ends.
    /// </param>
    /// <param name="options">How large a file may be; null for <see cref="RuleLoadOptions.Default"/>.</param>
    public static RuleFileSnapshot Read(IReadOnlyList<RuleFilePath> files, Func<string, bool> mayBeRead, RuleLoadOptions? options = null)
    {
        int largest = (options ?? RuleLoadOptions.Default).MaxFileBytes;
        bool canBeReadAgain = true;
        var contents = ImmutableArray.CreateBuilder<RuleFileContent>(files.Count);
        foreach (var file in files)
        {
            contents.Add(ReadFile(file, mayBeRead, largest, ref canBeReadAgain));
        }

        return new RuleFileSnapshot(contents.MoveToImmutable(), canBeReadAgain);
    }

    private static RuleFileContent ReadFile(RuleFilePath file, Func<string, bool> mayBeRead, int largest, ref bool canBeReadAgain)
    {
        var (name, path) = file;
        try
        {
            // Opening a directory is answered with a lack of permission, which it is not.
            if (Directory.Exists(path))
            {
                return new RuleFileContent(name, [], "the path is a directory", "name a file in it");
            }

            if (!mayBeRead(path))
            {
                return new RuleFileContent(name, [], "the path is not a file", "only a regular file can be read again");
            }

            // Others may write, rename and delete it meanwhile: an editor must not fail because of Talon.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            canBeReadAgain &= stream.CanSeek;
            byte[] content = ReadBounded(stream, largest + 1);
            return content.Length > largest
                ? new RuleFileContent(name, [], $"the file is larger than {largest} bytes", "split it into several files")
                : new RuleFileContent(name, content, Problem: null, Hint: null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new RuleFileContent(name, [], "the file does not exist", "check the path");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return new RuleFileContent(name, [], $"the file cannot be read: {e.Message}", Hint: null);
        }
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

    private static string Hash(ImmutableArray<RuleFileContent> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            Append(hash, Encoding.UTF8.GetBytes(file.Path));
            Append(hash, Encoding.UTF8.GetBytes(file.Problem ?? ""));
            Append(hash, file.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // With its length before it, so that no two lists of parts give the same bytes.
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
