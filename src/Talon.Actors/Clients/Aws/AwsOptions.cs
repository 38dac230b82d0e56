namespace Talon.Actors.Clients.Aws;

/// <summary>
/// How AWS is reached: each value on its own over the SDK's default chain (environment, profile, web identity, container, instance).
/// </summary>
public sealed record AwsOptions
{
    /// <summary>The region, for instance <c>eu-west-3</c>; empty for that of the chain.</summary>
    public string Region { get; init; } = "";

    /// <summary>The id of an access key; empty, with <see cref="SecretKey"/>, for the credentials of the chain.</summary>
    public string AccessKey { get; init; } = "";

    /// <summary>Its secret.</summary>
    public string SecretKey { get; init; } = "";

    /// <summary>The ARN of a role to assume with these credentials; empty for none.</summary>
    public string RoleArn { get; init; } = "";

    /// <summary>The external id that the role asks for; empty for none.</summary>
    public string ExternalId { get; init; } = "";

    /// <summary>Leaves the keys out: settings get printed.</summary>
    public override string ToString() => $"AwsOptions {{ Region = {Region}, RoleArn = {RoleArn} }}";
}
