using System.Collections.Immutable;
using Talon.Actors.Outputs.Spool;

namespace Talon.Actors.Outputs.ObjectStores;

/// <summary>An artifact as an object store takes it.</summary>
/// <param name="Key">The whole key, prefix included.</param>
/// <param name="File">The bytes.</param>
/// <param name="Bytes">How many.</param>
/// <param name="Sha256">Their SHA-256, lower-case hex.</param>
/// <param name="ContentType">For instance <c>application/gzip</c>.</param>
/// <param name="Metadata">By name, lower case and without the prefix of the service; values are printable ASCII.</param>
internal sealed record StoredObject(
    string Key, SpooledFile File, long Bytes, string Sha256, string ContentType, ImmutableSortedDictionary<string, string> Metadata);
