using Talon.Actors.Outputs.ObjectStores;
using Talon.Actors.Pipeline;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Outputs.GcpGcs;

/// <summary><c>gcp:gcs</c>: stores the artifact as an object in a bucket of Google Cloud Storage.</summary>
internal sealed class GcpGcsOutput(OutputPorts ports) : RemoteOutput(ports)
{
    private readonly OutputPorts _ports = ports;

    public static OutputModule Module { get; } = new(
        typeof(GcpGcsOutput),
        new OutputDescriptor
        {
            Name = "gcp:gcs",
            Description = "Stores the artifact as an object in a bucket of Google Cloud Storage.",
            Parameters = GcpGcsParameters.Schema,
            Permissions =
                """
                storage.objects.create on the bucket (in roles/storage.objectCreator).
                Optional: storage.objects.get on the bucket, to recognise an object of an earlier try that got no answer.
                """,
        },
        create: ports => new GcpGcsOutput(ports));

    public override OutputDescriptor Descriptor => Module.Descriptor;

    protected override (IObjectStore? Store, string Prefix, ActionOutcome.Failed? Problem) Open(ParameterMap parameters)
    {
        var (read, problems) = GcpGcsParameters.Read(parameters);
        return problems.IsEmpty
            ? (new GcsStore(_ports.Gcp, read), read.Prefix, null)
            : (null, "", new ActionOutcome.Failed(FailureKind.Invalid, string.Join("; ", problems.Select(problem => problem.Message)), Objects.None));
    }
}
