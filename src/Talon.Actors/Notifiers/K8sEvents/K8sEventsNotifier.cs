using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Notifiers.K8sEvents;

/// <summary>
/// <c>k8sevents</c>: one event of <c>events.k8s.io/v1</c> about the object of the action; <c>Warning</c> when it failed. The same again,
/// with the same text, within six minutes is counted on the event that is there.
/// </summary>
internal sealed class K8sEventsNotifier : INotifier
{
    private const string Controller = "falcosecurity.org/falco-talon";
    private const double WritesPerSecond = 20;
    private const int Burst = 50;

    // The pipeline has a deadline too, which ends the attempt earlier; the ports must be given one.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly IKubeEvents _events;
    private readonly Regarding _regarding;
    private readonly EventSeries _series;
    private readonly EventBudget _budget;
    private readonly NamespaceName _home;
    private readonly string _instance;
    private readonly TimeProvider _clock;

    /// <param name="ports">The ports; the namespace of events whose own is gone is Talon's, or <c>default</c>.</param>
    /// <param name="instance">The name of this process: the pod.</param>
    public K8sEventsNotifier(PluginPorts ports, string instance)
    {
        _home = NamespaceName.TryCreate(ports.ProtectedNamespaces.Own, out var own) ? own : DefaultNamespace;
        _events = ports.Kubernetes.Events;
        _regarding = new Regarding(ports.Kubernetes.Pods, _home);
        _series = new EventSeries(ports.Clock);
        _budget = new EventBudget(ports.Clock, WritesPerSecond, Burst);
        _instance = EventTexts.Cut(instance.Length > 0 ? instance : "falco-talon", EventTexts.LongestWord);
        _clock = ports.Clock;
    }

    public NotifierDescriptor Descriptor => K8sEventsModule.Module.Descriptor;

    /// <summary>One: each is a request of its own, and one that is refused must not take others with it.</summary>
    public int BatchSize => 1;

    // Events about objects outside any namespace have to be there; the API server asks for it.
    private static NamespaceName DefaultNamespace { get; } =
        NamespaceName.TryCreate("default", out var name) ? name : throw new InvalidOperationException("'default' is a name");

    public async Task<NotifyResult> SendAsync(ImmutableArray<Notification> batch, CancellationToken cancellationToken)
    {
        var scope = new CallScope(_clock, Deadline, () => true, cancellationToken);

        // The event about an action tells of its artifact too, and Talon itself is no object of the cluster.
        foreach (var notification in batch.Where(notification => notification.Kind is "action" or "check"))
        {
            await _budget.TakeAsync(cancellationToken);
            if (await WriteAsync(notification, scope) is { } error)
            {
                return MayRetry(error) ? new NotifyResult.Troubled(error.Message, error.RetryAfter) : new NotifyResult.Refused(error.Message);
            }
        }

        return new NotifyResult.Delivered();
    }

    // Null when it is written.
    private async Task<KubeError?> WriteAsync(Notification notification, CallScope scope)
    {
        var regarding = await _regarding.FindAsync(notification, scope);
        string subject = EventSeries.Subject(
            regarding, EventTexts.Reason(notification), notification.FailureKind, notification.Rule, notification.Action, notification.DryRun ? "dry" : "");
        var key = _series.KeyOf(subject, notification.Text, notification.Artifact?.Target, notification.Artifact?.Text);
        string delivery = $"{notification.EventKey}/{notification.Position}";
        if (_series.Find(key) is { } known)
        {
            if (known.Last == delivery)
            {
                return null;
            }

            var counted = await _events.CountAsync(known.Namespace, known.Name, known.Uid, known.Count + 1, notification.At, scope);
            if (counted.TryGet(out _, out var refused))
            {
                _series.Remember(key, known with { Count = known.Count + 1, Last = delivery });
                return null;
            }

            if (refused.Kind != FailureKind.NotFound && !refused.Replaced)
            {
                return refused;
            }

            _series.Forget(key);
        }

        return await CreateAsync(notification, regarding, key, delivery, scope);
    }

    private async Task<KubeError?> CreateAsync(Notification notification, V1ObjectReference regarding, EventSeries.Key key, string delivery, CallScope scope)
    {
        if (!KubeName.TryCreate(EventTexts.Name(notification), out var name))
        {
            throw new InvalidOperationException("the name of an event is made of hexadecimal digits");
        }

        var kubeEvent = new Eventsv1Event
        {
            EventTime = notification.At.UtcDateTime,
            Type = notification.Status == "failure" ? "Warning" : "Normal",
            Reason = EventTexts.Reason(notification),
            Action = EventTexts.Action(notification),
            Note = EventTexts.Note(notification, key.IsOfMany),
            Regarding = regarding,
            ReportingController = Controller,
            ReportingInstance = _instance,
        };
        var home = NamespaceName.TryCreate(regarding.NamespaceProperty, out var its) ? its : DefaultNamespace;
        var created = await _events.CreateAsync(home, name, kubeEvent, scope);
        if (!created.TryGet(out _, out var first) && IsGone(first) && home != _home)
        {
            // The namespace went with the object: the record about it is kept where it outlives both.
            home = _home;
            created = await _events.CreateAsync(home, name, kubeEvent, scope);
        }

        if (created.TryGet(out var done, out var error))
        {
            _series.Remember(key, new EventSeries.Entry(home, name, done.Metadata.Uid, 1, delivery));
            return null;
        }

        // An earlier try of the same delivery was carried out after all.
        return error.AlreadyExists ? null : error;
    }

    private static bool IsGone(KubeError error) => error.NamespaceTerminating || error.Kind == FailureKind.NotFound;

    // What the server says about the request itself it would say again.
    private static bool MayRetry(KubeError error) => error.Modified || error.Kind.IsWorthSendingAgain();
}
