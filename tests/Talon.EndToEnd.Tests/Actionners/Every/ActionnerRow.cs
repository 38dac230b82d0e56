using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners.Every;

/// <summary>An actionner in the tests that hold for all of them.</summary>
/// <param name="Name">Its full name, e.g. <c>kubernetes:label</c>.</param>
internal sealed record ActionnerRow(string Name)
{
    /// <summary>Lines of its parameters, indented by four.</summary>
    public string Parameters { get; init; } = "";

    /// <summary>Further lines of the action, indented by two.</summary>
    public string Action { get; init; } = "";

    /// <summary>What it needs of a cluster beyond its API.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>The verb of the request that carries the action out, its first where it has several.</summary>
    public required string Verb { get; init; }

    /// <summary>What that request is about.</summary>
    public string Resource { get; init; } = "pods";

    /// <summary>The part of the object that its path names; empty for the object itself.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>Whether it may be carried out twice.</summary>
    public bool RepeatSafe { get; init; } = true;

    /// <summary>Whether it ends as ignored when its object is gone; else it fails.</summary>
    public bool GoneIsFine { get; init; }

    /// <summary>Whether the subject is a pod with a shell, not one that only waits.</summary>
    public bool Shell { get; init; }

    /// <summary>Whether the subject is a pod that has printed a line.</summary>
    public bool Prints { get; init; }

    /// <summary>Whether the request is about the node of the pod.</summary>
    public bool OnNode => Resource == "nodes";

    /// <summary>Whether the request makes a Job, in Talon's own namespace, that is gone again when the action ends.</summary>
    public bool MakesJob => Resource == "jobs";

    /// <summary>
    /// Whether it cannot hit another object that takes the name during that request: the request names the uid, or only makes what looks
    /// at the object afterwards.
    /// </summary>
    public bool NoticesAnother => MakesJob || (Verb is "delete" or "patch" && !OnNode);

    /// <summary>The Falco rule it answers.</summary>
    public string Rule => Name.Replace(':', ' ');

    /// <summary>The Falco rule it answers with a timeout of a second.</summary>
    public string ImpatientRule => $"{Rule} impatient";

    /// <summary>What is expected when its object is gone.</summary>
    public (string Status, string Result) Gone => GoneIsFine ? ("ignored", "already gone") : ("failure", "not_found");

    /// <summary>One that runs something in a container with a shell.</summary>
    public static ActionnerRow InContainer(string name) =>
        new(name) { Verb = "get", Subresource = "exec", Shell = true, Needs = [Support.Needs.Kubelet, Support.Needs.ShellImage] };

    /// <summary>One that captures into an output.</summary>
    public static ActionnerRow Capture(string name, string verb, string image) => new(name)
    {
        Verb = verb,
        Parameters = Captures.Brief,
        Action = SpecRules.Stored(),
        RepeatSafe = false,
        Needs = [Support.Needs.Kubelet, image],
    };

    /// <summary>Makes what an event can be about.</summary>
    /// <param name="rig">The cluster.</param>
    /// <param name="test">A word that no other test of the class has.</param>
    public async Task<Subject> AddAsync(ClusterRig rig, string test)
    {
        rig.AddCapturePrograms();
        string name = $"{Name.Replace(':', '-')}-{test}";
        return Resource == "configmaps" ? await ConfigMapSubject.AddAsync(rig, this, name) : await PodSubject.AddAsync(rig, this, name);
    }
}
