using System.Net;
using System.Net.WebSockets;
using k8s.Autorest;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>
/// Exec over a WebSocket of our own: the library's neither heeds its token nor tells why a handshake was refused, and refuses
/// arguments that begin with a byte order mark by an exception.
/// </summary>
internal sealed class KubePodExec(KubernetesConnection connection, ProtectedNamespaces protectedNamespaces, TimeProvider clock) : IPodExec
{
    private const string V5 = "v5.channel.k8s.io";
    private const string V4 = "v4.channel.k8s.io";

    public async Task<KubeResult<ExecEnd>> RunAsync(ExecCommand command, CallScope scope)
    {
        string doing = $"run a command in the container {OneLine.From(command.Container)} of the pod {command.Namespace}/{command.Pod}";
        if (protectedNamespaces.Contains(command.Namespace) && !(command.InPodOfTalon && command.Namespace.Value == protectedNamespaces.Own))
        {
            return new KubeError(FailureKind.Rejected, protectedNamespaces.Reason(command.Namespace)) { ProtectedNamespace = true };
        }

        if (!connection.TryGetTransport(out var transport, out string? unavailable))
        {
            scope.Note(reached: false);
            return new KubeError(FailureKind.Unreachable, $"cannot {doing}: {unavailable}");
        }

        var (address, problem) = ExecAddress.Of(transport.Client.BaseUri, command);
        if (address is null)
        {
            return new KubeError(FailureKind.Invalid, $"cannot {doing}: {problem}");
        }

        long start = clock.GetTimestamp();
        using var socket = new ClientWebSocket();
        using var refusal = new ExecRefusal(transport.Sockets);
        try
        {
            await PrepareAsync(socket, transport, command, scope.Token);
            string? refused = scope.Refusal() ?? (scope.Token.IsCancellationRequested ? "the attempt was stopped" : null);
            if (refused is not null)
            {
                return new KubeError(FailureKind.NotSent, $"did not {doing}: {refused}");
            }

            using var invoker = new HttpMessageInvoker(Chain(transport, refusal), disposeHandler: false);
            await socket.ConnectAsync(address, invoker, scope.Token);
            scope.Note(reached: true);
        }
        catch (Exception e)
        {
            if (Classify(e, refusal, command, doing) is not { } error)
            {
                throw;
            }

            // The API server hands an exec on to a kubelet: what is slow or missing behind it says nothing about the API server.
            KubeCaller.Note(scope, error, clock.GetElapsedTime(start), byKubelet: true);
            return connection.Heed(transport.Client, error) ? error with { Kind = FailureKind.Unreachable } : error;
        }

        return await new ExecStream(socket, command, doing).RunAsync(scope.Token);
    }

    private static async Task PrepareAsync(ClientWebSocket socket, KubeTransport transport, ExecCommand command, CancellationToken token)
    {
        socket.Options.SetRequestHeader("User-Agent", transport.UserAgent);
        socket.Options.AddSubProtocol(V5);
        if (command.Input is null)
        {
            // It cannot close the input of a command, so it is offered only where there is none.
            socket.Options.AddSubProtocol(V4);
        }

        if (transport.Client.Credentials is { } credentials)
        {
            using var message = new HttpRequestMessage();
            await credentials.ProcessHttpRequestAsync(message, token);
            foreach (var (name, values) in message.Headers)
            {
                socket.Options.SetRequestHeader(name, string.Join(' ', values));
            }
        }
    }

    private static HttpMessageHandler Chain(KubeTransport transport, ExecRefusal refusal)
    {
        HttpMessageHandler outermost = refusal;
        foreach (var make in transport.ExtraHandlers.Reverse())
        {
            var handler = make();
            handler.InnerHandler = outermost;
            outermost = handler;
        }

        return outermost;
    }

    private KubeError? Classify(Exception exception, ExecRefusal refusal, ExecCommand command, string doing)
    {
        if (refusal.Response is { } response)
        {
            return Refused(response, refusal.Body, command, doing);
        }

        if (exception is WebSocketException { InnerException: { } inner })
        {
            exception = inner;
        }

        if (KubeErrors.TryClassify(exception, doing, clock, out var error))
        {
            return error;
        }

        // A 101 that is no handshake of a WebSocket, or one for a protocol that was not offered.
        return exception is WebSocketException
            ? new KubeError(FailureKind.Rejected, $"cannot {doing}: what answers does not speak the API server's WebSocket: {OneLine.From(exception.Message)}")
            : null;
    }

    private KubeError Refused(HttpResponseMessage response, string body, ExecCommand command, string doing)
    {
        // So a server says that it speaks none of the protocols offered.
        if (response.StatusCode == HttpStatusCode.Forbidden && body.Length == 0 && command.Input is not null)
        {
            return new KubeError(
                FailureKind.Rejected,
                $"cannot {doing}: the API server does not speak {V5}, without which the input of a command cannot be closed; Kubernetes 1.30 and newer do")
            {
                Code = 403,
            };
        }

        KubeErrors.TryClassify(new HttpOperationException { Response = new HttpResponseMessageWrapper(response, body) }, doing, clock, out var error);

        // The kubelet says why in plain text.
        bool plain = error!.Reason is null && response.Content.Headers.ContentType?.MediaType == "text/plain";
        string why = plain ? OneLine.From(body) : "";
        return error with
        {
            // Refused before the WebSocket was open: the command was not run. A gateway in between cannot know that.
            Kind = error.Kind == FailureKind.ServerError && (error.Code is not (502 or 504) || error.Reason is not null) ? FailureKind.NotSent : error.Kind,
            Message = why.Length == 0 ? error.Message : $"{error.Message}: {why}",
        };
    }
}
