using Talon.Rules.Catalog;

namespace Talon.Actors.Outputs.GcpGcs;

/// <summary><c>gcp:gcs</c> as the catalog lists it.</summary>
internal static class GcpGcsModule
{
    public static OutputModule Module { get; } = new(
        typeof(GcpGcsModule),
        new OutputDescriptor
        {
            Name = "gcp:gcs",
            Description = "Stores the artifact as an object in a bucket of Google Cloud Storage.",
            Parameters = GcpGcsParameters.Schema,
            Permissions = "storage.objects.create on the bucket.",
        },
        create: null);
}
