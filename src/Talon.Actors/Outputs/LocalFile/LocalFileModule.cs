using Talon.Rules.Catalog;

namespace Talon.Actors.Outputs.LocalFile;

/// <summary><c>local:file</c> as the catalog lists it.</summary>
internal static class LocalFileModule
{
    public static OutputModule Module { get; } = new(
        typeof(LocalFileModule),
        new OutputDescriptor
        {
            Name = "local:file",
            Description = "Writes the artifact, and a .json file with its SHA-256 beside it, to a folder of the machine that Talon runs on. Nothing is overwritten.",
            Parameters = LocalFileParameters.Schema,
            Permissions = "Write access to the folder for the user that Talon runs as.",
        },
        create: ports => new LocalFileOutput(ports.Clock));
}
