using System.Collections.Immutable;
using System.Text;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Outputs;

/// <summary>Artifacts for tests.</summary>
internal static class Artifacts
{
    public const string EventKey = "0123456789abcdef0123456789abcdef-7";

    public static Artifact Of(string name, string content = "evidence", params (string Name, string Value)[] objects) =>
        Writing(name, async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(content), token);
            return null;
        }, objects);

    public static Artifact Writing(
        string name, Func<Stream, CancellationToken, Task<ActionOutcome.Failed?>> write, params (string Name, string Value)[] objects) => new(
        name,
        objects.ToImmutableSortedDictionary(item => item.Name, item => item.Value, StringComparer.Ordinal),
        new ArtifactOrigin("Keep", "Keep the File", "kubernetes:download", EventKey, 2, 3, "4bf92f3577b34da6a3ce929d0e0e4736"),
        write);
}
