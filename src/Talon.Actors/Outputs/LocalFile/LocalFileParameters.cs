using System.Collections.Immutable;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Outputs.LocalFile;

/// <summary>The parameters of <c>local:file</c>.</summary>
/// <param name="Destination">The folder, without a slash at its end.</param>
internal sealed record LocalFileParameters(string Destination)
{
    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "destination",
            Type = ParameterType.Text,
            Required = true,
            Description = "The folder that the file is written to; it must exist. Taken as written: neither $NAME nor ~ is expanded.",
            Check = value => value is ParameterValue.Text text && text.Value.Contains('\0', StringComparison.Ordinal)
                ? "must be the path of a folder"
                : SettingChecks.NotEmpty(value),
        },
    ]);

    /// <summary>Reads parameters as written in a plan. The problems are empty when they are right.</summary>
    public static (LocalFileParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        string destination = map.GetText("destination") ?? "";
        return (new LocalFileParameters(destination.Length > 1 ? destination.TrimEnd('/') : destination), problems);
    }
}
