using Talon.Actors.Outputs.ObjectStores;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Outputs.MinioS3;

/// <summary><c>minio:s3</c>: creates an object in a bucket of MinIO.</summary>
internal sealed class MinioS3Output(OutputPorts ports) : RemoteOutput(ports)
{
    private readonly OutputPorts _ports = ports;

    public override OutputDescriptor Descriptor => MinioS3Module.Module.Descriptor;

    protected override (IObjectStore? Store, string Prefix, ActionOutcome.Failed? Problem) Open(ParameterMap parameters)
    {
        var read = MinioS3Parameters.Read(parameters).Parameters;
        return _ports.Minio switch
        {
            { Endpoint.Length: 0 } => Missing("minio.endpoint"),
            { AccessKey.Length: 0 } => Missing("minio.access_key"),
            { SecretKey.Length: 0 } => Missing("minio.secret_key"),
            _ => (new MinioS3Store(_ports, read), read.Prefix, null),
        };

        static (IObjectStore?, string, ActionOutcome.Failed?) Missing(string key) =>
            (null, "", new ActionOutcome.Failed(FailureKind.Invalid, $"cannot use minio:s3: {key} is not set in the configuration", Pipeline.Objects.None));
    }
}
