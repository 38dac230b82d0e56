using Talon.Actors.Outputs.ObjectStores;
using Talon.Actors.Outputs.S3;
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
        var options = _ports.Minio;
        if (options is { Endpoint.Length: 0 } or { AccessKey.Length: 0 } or { SecretKey.Length: 0 })
        {
            return Unusable($"{(options.Endpoint.Length == 0 ? "minio.endpoint" : options.AccessKey.Length == 0 ? "minio.access_key" : "minio.secret_key")} is not set in the configuration");
        }

        return Uri.TryCreate($"{(options.UseTls ? "https" : "http")}://{options.Endpoint}", UriKind.Absolute, out var url) && url is { UserInfo.Length: 0, PathAndQuery: "/" }
            ? (new S3Store(_ports, new MinioS3Place(options, url, read)), read.Prefix, null)
            : Unusable("minio.endpoint is not a host, perhaps with a port");

        static (IObjectStore?, string, ActionOutcome.Failed?) Unusable(string why) =>
            (null, "", new ActionOutcome.Failed(FailureKind.Invalid, $"cannot use minio:s3: {why}", Pipeline.Objects.None));
    }
}
