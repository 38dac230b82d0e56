using Talon.Actors.Outputs.ObjectStores;
using Talon.Actors.Outputs.S3;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Outputs.AwsS3;

/// <summary><c>aws:s3</c>: creates an object in a bucket of AWS S3, or of another service that speaks S3.</summary>
internal sealed class AwsS3Output(OutputPorts ports) : RemoteOutput(ports)
{
    private readonly OutputPorts _ports = ports;

    public override OutputDescriptor Descriptor => AwsS3Module.Module.Descriptor;

    protected override (IObjectStore? Store, string Prefix, ActionOutcome.Failed? Problem) Open(ParameterMap parameters)
    {
        var read = AwsS3Parameters.Read(parameters).Parameters;
        return (new S3Store(_ports, new AwsS3Place(_ports.Aws, read)), read.Prefix, null);
    }
}
