namespace Talon.Actors.Clients.Gcp;

/// <summary>A function of Cloud Functions, of either generation.</summary>
/// <param name="Location">Its region.</param>
internal sealed record CloudFunction(string Project, string Location, string Name)
{
    /// <summary>For messages.</summary>
    public override string ToString() => $"the function {Name} in {Location}";
}
