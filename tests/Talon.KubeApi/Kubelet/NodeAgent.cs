using Talon.KubeApi.Api;
using Talon.KubeApi.Json;
using Talon.KubeApi.Kubelet;
using Talon.KubeApi.Store;

namespace Talon.KubeApi;

/// <summary>
/// Plays the kubelets: what containers run, print and answer. An exec runs a process of this machine, unless a script answers it. Every
/// container has a folder of its own (working folder and HOME) and nothing else that sets it apart from the machine: for tests on loopback.
/// Thread-safe.
/// </summary>
public sealed class NodeAgent : IDisposable
{
    /// <summary>How many execs are kept in <see cref="Execs"/>.</summary>
    public const int Capacity = 2_000;

    internal const string Refused = "dial tcp 127.0.0.1:10250: connect: connection refused";

    private readonly Lock _gate = new();
    private readonly Identities _identities;
    private readonly string _root;
    private readonly Queue<ExecCall> _execs = [];
    private readonly List<Func<ExecCall, ExecScript?>> _scripts = [];
    private readonly Dictionary<LocalProcess, ExecCall> _processes = [];
    private readonly Dictionary<string, ContainerFolder> _folders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unpullable = new(StringComparer.Ordinal);
    private readonly List<Func<StartedContainer, ContainerFate?>> _fates = [];
    private bool _disposed;

    internal NodeAgent(string? root, ObjectStore objects, Waiting waiting, Identities identities)
    {
        _root = Path.Combine(root ?? Path.GetTempPath(), $"kubeapi-{Guid.NewGuid():N}");
        Objects = objects;
        Waiting = waiting;
        _identities = identities;
    }

    /// <summary>The last execs that reached a container, oldest first. Refused ones are only among the requests.</summary>
    public IReadOnlyList<ExecCall> Execs
    {
        get
        {
            lock (_gate)
                return [.. _execs];
        }
    }

    internal ContainerLogs Logs { get; } = new();

    internal ObjectStore Objects { get; }

    internal Waiting Waiting { get; }

    /// <summary>Adds a source of scripts; the newest one is asked first, and an exec for which all say null runs as a process.</summary>
    public void OnExec(Func<ExecCall, ExecScript?> script)
    {
        ArgumentNullException.ThrowIfNull(script);
        lock (_gate)
            _scripts.Insert(0, script);
    }

    /// <summary>Adds a source of fates for containers that start; the newest one is asked first, null leaves it to the others.</summary>
    public void OnStart(Func<StartedContainer, ContainerFate?> fate)
    {
        ArgumentNullException.ThrowIfNull(fate);
        lock (_gate)
            _fates.Insert(0, fate);
    }

    /// <summary>From now on an image cannot be pulled.</summary>
    public void SetUnpullable(string image)
    {
        lock (_gate)
            _unpullable.Add(image);
    }

    /// <summary>Puts a program (a script with its first line) in front of the PATH of every container.</summary>
    public void AddProgram(string name, string text) => AddProgram(SharedPrograms, name, text);

    /// <summary>Puts a program in front of the PATH of one container of a pod that exists.</summary>
    public void AddProgram(string ns, string pod, string container, string name, string text) =>
        AddProgram(Folder(Uid(ns, pod), container).Programs, name, text);

    /// <summary>The working folder and HOME of a container of a pod that exists.</summary>
    public string HomeOf(string ns, string pod, string container) => Folder(Uid(ns, pod), container).Home;

    /// <summary>
    /// Sets what a container of a pod that exists has printed (or had, before its last restart), at a time or just now. Init and ephemeral
    /// containers too.
    /// </summary>
    public void SetLog(string ns, string pod, string container, ReadOnlySpan<byte> text, bool previous = false, DateTimeOffset? time = null) =>
        Logs.Add(Uid(ns, pod), container, text, previous, time ?? Waiting.Now, replace: true);

    /// <summary>Adds lines to what a container has printed.</summary>
    public void AppendLog(string ns, string pod, string container, ReadOnlySpan<byte> text, bool previous = false, DateTimeOffset? time = null) =>
        Logs.Add(Uid(ns, pod), container, text, previous, time ?? Waiting.Now, replace: false);

    /// <summary>From now on the kubelet of a node does not answer (true), or does again (false).</summary>
    public void SetLost(string node, bool lost = true)
    {
        lock (_gate)
            _ = lost ? _lost.Add(node) : _lost.Remove(node);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var process in _processes.Keys)
                process.Kill();
        }

        if (Directory.Exists(_root))
            Directory.Delete(_root, recursive: true);
    }

    internal bool IsLost(string node)
    {
        lock (_gate)
            return _lost.Contains(node);
    }

    internal bool CanPull(string image)
    {
        lock (_gate)
            return !_unpullable.Contains(image);
    }

    internal ContainerFate? GivenFate(StartedContainer started)
    {
        List<Func<StartedContainer, ContainerFate?>> fates;
        lock (_gate)
            fates = [.. _fates];
        return fates.Select(f => f(started)).FirstOrDefault(f => f is not null);
    }

    internal string NewExecId() => _identities.Sha256();

    /// <summary>Runs what an exec asks for. The task ends with the command, whether or not its client is still there.</summary>
    internal async Task<ExecOutcome> RunAsync(ExecCall call, ExecPipes pipes)
    {
        List<Func<ExecCall, ExecScript?>> scripts;
        call.Time = Waiting.Now;
        lock (_gate)
        {
            _execs.Enqueue(call);
            if (_execs.Count > Capacity)
                _execs.Dequeue();
            scripts = [.. _scripts];
        }

        var outcome = new ExecOutcome(null);
        try
        {
            outcome = scripts.Select(s => s(call)).FirstOrDefault(s => s is not null) is { } script
                ? await ScriptRunner.RunAsync(script, pipes, Waiting)
                : await RunProcessAsync(call, pipes);
            return outcome;
        }
        finally
        {
            call.End(outcome.ExitCode);
        }
    }

    /// <summary>Ends the commands of a pod, or of one container of it.</summary>
    internal void Stop(string podUid, string? container = null)
    {
        lock (_gate)
        {
            foreach (var (process, _) in _processes.Where(p => p.Value.PodUid == podUid && (container is null || p.Value.Container == container)))
                process.Kill();
        }
    }

    /// <summary>Commands end with their container.</summary>
    internal void OnChange(StoredObject? old, StoredObject? now)
    {
        if (old?.Kind == ResourceKinds.Pods && (now is null || now.Fields["status.phase"] is "Succeeded" or "Failed"))
            Stop(old.Uid);
    }

    private void AddProgram(string folder, string name, string text)
    {
        // A file that is written while a process starts cannot be run: that process may still hold it open.
        lock (_gate)
            ContainerFolder.AddProgram(folder, name, text);
    }

    private string SharedPrograms => Path.Combine(_root, "bin");

    private async Task<ExecOutcome> RunProcessAsync(ExecCall call, ExecPipes pipes)
    {
        LocalProcess? process;

        // Read before: a change of a pod holds the gate of the store when it asks for ours.
        KeyValuePair<string, string>[] environment = [.. EnvironmentOf(call)];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            process = LocalProcess.Start(Folder(call.PodUid, call.Container), call.Argv, environment, out var fault);
            if (process is null)
                return new ExecOutcome(null, fault);
            call.ProcessId = process.Id;
            _processes[process] = call;
        }

        try
        {
            return new ExecOutcome(await process.RunAsync(pipes));
        }
        finally
        {
            lock (_gate)
                _processes.Remove(process);
            process.Dispose();
        }
    }

    private IEnumerable<KeyValuePair<string, string>> EnvironmentOf(ExecCall call)
    {
        yield return KeyValuePair.Create("HOSTNAME", call.Pod);
        if (Objects.Find(ResourceKinds.Pods, call.Namespace, call.Pod) is not { } pod || PodContainers.Spec(pod.ToJson(), call.Container) is not { } spec)
            yield break;
        foreach (var variable in spec.Items("env"))
            yield return KeyValuePair.Create(variable.Text("name"), variable.Text("value"));
    }

    private string Uid(string ns, string pod) =>
        Objects.Find(ResourceKinds.Pods, ns, pod)?.Uid ?? throw new InvalidOperationException($"there is no pod {ns}/{pod}");

    private ContainerFolder Folder(string podUid, string container)
    {
        lock (_gate)
        {
            var key = Path.Combine(podUid, container);
            if (!_folders.TryGetValue(key, out var folder))
                _folders[key] = folder = new ContainerFolder(Path.Combine(_root, "containers", key), SharedPrograms);
            return folder;
        }
    }
}
