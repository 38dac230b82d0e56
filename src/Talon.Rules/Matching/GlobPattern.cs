using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Talon.Rules.Matching;

/// <summary>
/// A pattern of <c>glob</c>: <c>*</c> stands for any text, the empty one and <c>/</c> included, <c>?</c> for one character,
/// <c>[a-z_]</c> for one of these, <c>[!a-z]</c> and <c>[^a-z]</c> for any other; a backslash takes its meaning from the
/// character after it. As fnmatch of POSIX without flags, which Falco uses. A match takes at most as many steps as the pattern
/// has pieces times the text has characters.
/// </summary>
internal sealed class GlobPattern
{
    private readonly ImmutableArray<Piece> _pieces;

    private GlobPattern(string text, ImmutableArray<Piece> pieces)
    {
        Text = text;
        _pieces = pieces;
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="problem">What is wrong, and how to correct it; null when nothing is.</param>
    public static bool TryParse(string text, out GlobPattern? pattern, out (string Message, string Hint)? problem)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        var literal = new StringBuilder();
        problem = null;
        pattern = null;
        for (int at = 0; at < runes.Length; at++)
        {
            switch (runes[at].Value)
            {
                case '*':
                    Flush(literal, pieces);
                    if (pieces is not [.., { IsStar: true }])
                    {
                        pieces.Add(Piece.Star);
                    }

                    break;
                case '?':
                    Flush(literal, pieces);
                    pieces.Add(Piece.Any);
                    break;
                case '[':
                    Flush(literal, pieces);
                    problem = GlobSet.TryParse(runes, ref at, out var set);
                    if (problem is not null)
                    {
                        return false;
                    }

                    pieces.Add(Piece.Of(set!));
                    break;
                case '\\' when at + 1 == runes.Length:
                    problem = ("a backslash at its end stands before nothing", "write \\\\ for a backslash");
                    return false;
                case '\\':
                    literal.Append(runes[++at].ToString());
                    break;
                default:
                    literal.Append(runes[at].ToString());
                    break;
            }
        }

        Flush(literal, pieces);
        pattern = new GlobPattern(text, pieces.ToImmutable());
        return true;
    }

    /// <summary>Whether it stands for the whole text.</summary>
    public bool Matches(ReadOnlySpan<byte> utf8)
    {
        // A star takes as little as it can. Where the rest does not fit, only the last star takes more: what the ones before it
        // have taken leaves the most room already.
        int piece = 0;
        int at = 0;
        int star = -1;
        int afterStar = 0;
        while (true)
        {
            if (piece < _pieces.Length && _pieces[piece].IsStar)
            {
                star = piece++;
                if (piece == _pieces.Length)
                {
                    return true;
                }

                afterStar = at;
                if (!TryFindLiteral(piece, utf8, ref afterStar))
                {
                    return false;
                }

                at = afterStar;
            }
            else if (piece < _pieces.Length && _pieces[piece].TryTake(utf8[at..], out int taken))
            {
                at += taken;
                piece++;
            }
            else if (piece == _pieces.Length && at == utf8.Length)
            {
                return true;
            }
            else
            {
                if (star < 0 || afterStar >= utf8.Length)
                {
                    return false;
                }

                Rune.DecodeFromUtf8(utf8[afterStar..], out _, out int width);
                afterStar += width;
                piece = star + 1;
                if (!TryFindLiteral(piece, utf8, ref afterStar))
                {
                    return false;
                }

                at = afterStar;
            }
        }
    }

    // The next place where the literal after a star begins, if a literal comes after it.
    private bool TryFindLiteral(int piece, ReadOnlySpan<byte> utf8, ref int at)
    {
        if (_pieces[piece].Literal is not { } literal)
        {
            return true;
        }

        int ahead = utf8[at..].IndexOf(literal);
        at += ahead;
        return ahead >= 0;
    }

    private static void Flush(StringBuilder literal, ImmutableArray<Piece>.Builder pieces)
    {
        if (literal.Length > 0)
        {
            pieces.Add(Piece.Of(Encoding.UTF8.GetBytes(literal.ToString())));
            literal.Clear();
        }
    }

    private readonly record struct Piece(byte[]? Literal, GlobSet? Set, bool IsStar)
    {
        public static Piece Star { get; } = new(null, null, IsStar: true);

        public static Piece Any { get; } = new(null, null, IsStar: false);

        public static Piece Of(byte[] literal) => new(literal, null, IsStar: false);

        public static Piece Of(GlobSet set) => new(null, set, IsStar: false);

        /// <summary>Whether the beginning of a text is what this stands for, and how many bytes that is. Not for a star.</summary>
        public bool TryTake(ReadOnlySpan<byte> utf8, out int taken)
        {
            if (Literal is not null)
            {
                taken = Literal.Length;
                return utf8.StartsWith(Literal);
            }

            bool isThere = Rune.DecodeFromUtf8(utf8, out var rune, out taken) != OperationStatus.NeedMoreData || taken > 0;
            return isThere && Set?.Contains(rune) != false;
        }
    }
}
