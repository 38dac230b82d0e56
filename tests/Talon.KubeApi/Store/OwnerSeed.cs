namespace Talon.KubeApi;

/// <summary>An owner reference of a seeded object; always as its controller.</summary>
/// <param name="Kind">E.g. <c>DaemonSet</c>.</param>
/// <param name="Name">Name of the owner.</param>
/// <param name="Uid">Made up when null.</param>
/// <param name="ApiVersion"><c>apps/v1</c> by default.</param>
public sealed record OwnerSeed(string Kind, string Name, string? Uid = null, string ApiVersion = "apps/v1")
{
    /// <summary>An object of the store as the owner.</summary>
    public static OwnerSeed Of(StoredObject owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return new OwnerSeed(owner.Kind.Kind, owner.Name, owner.Uid, owner.Kind.ApiVersion);
    }
}
