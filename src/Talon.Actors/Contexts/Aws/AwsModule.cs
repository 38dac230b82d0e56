using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Contexts.Aws;

/// <summary>The context <c>aws</c> as the catalog lists it.</summary>
internal static class AwsModule
{
    public static ContextModule Module { get; } = new(
        typeof(AwsModule),
        new ContextDescriptor
        {
            Name = "aws",
            Description = "The instance profile and region of the EC2 instance that Talon runs on, from its metadata service.",
            Keys = ["aws.instance_profile_arn", "aws.instance_profile_id", "aws.region"],
        },
        create: (ports, _) => new AwsContext(ports.Aws.Instance, ports.Clock));
}
