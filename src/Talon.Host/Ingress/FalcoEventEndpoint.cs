using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Telemetry;
using Talon.Host.Reload;
using Talon.Rules.Events;
using Talon.Rules.Planning;
using Talon.Rules.Text;

namespace Talon.Host.Ingress;

/// <summary>
/// Takes in one event: size, authentication, parsing, matching, and for a match the plan and the door of the pipeline. It
/// answers 200 to a matched event only after that door has said that the event is durably accepted.
/// </summary>
internal sealed class FalcoEventEndpoint(
    IngressOptions options, ByteBudget budget, IRuleBook rules, IIntake intake, TalonMeters meters, RefusalLog refusals, ITalonLog log)
{
    private static readonly TimeSpan RetryWhenFull = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfterFault = TimeSpan.FromSeconds(5);

    public Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method))
        {
            return RefuseAsync(context, StatusCodes.Status400BadRequest, "method", Replies.WrongMethod);
        }

        if (request.ContentLength > options.MaxBody)
        {
            return TooLargeAsync(context);
        }

        if (options.RequiresClientCertificate && context.Connection.ClientCertificate is null)
        {
            return RefuseAsync(context, StatusCodes.Status401Unauthorized, "certificate", "Please present a client certificate");
        }

        if (options.Authentication is { } authentication && !authentication.Allows(request.Headers.Authorization))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"talon\", Bearer realm=\"talon\"";
            return RefuseAsync(context, StatusCodes.Status401Unauthorized, "auth", "Please send the ingress token as Bearer or as the password of Basic");
        }

        return ReadAsync(context);
    }

    private async Task ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        long taken = 0;
        try
        {
            while (true)
            {
                // No token: the server itself ends a read when the sender goes away or is too slow.
                var read = await reader.ReadAsync(CancellationToken.None);
                var buffer = read.Buffer;
                if (buffer.Length > options.MaxBody)
                {
                    reader.AdvanceTo(buffer.End);
                    await TooLargeAsync(context);
                    return;
                }

                if (!budget.TryTake(buffer.Length - taken))
                {
                    reader.AdvanceTo(buffer.End);
                    await RefuseLaterAsync(context, "bytes", RetryWhenFull, "too many event bodies are being taken in at this moment");
                    return;
                }

                taken = buffer.Length;
                if (read.IsCompleted)
                {
                    await TakeInAsync(context, reader, buffer);
                    return;
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "body", $"{Replies.WrongBody}: {OneLine.From(e.Message)}");
        }
        catch (Exception e) when (e is ConnectionResetException or ConnectionAbortedException
            || (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested))
        {
            meters.IngressRefused("aborted");
        }
        finally
        {
            budget.Return(taken);
        }
    }

    private Task TakeInAsync(HttpContext context, PipeReader reader, ReadOnlySequence<byte> body)
    {
        // A body that lies in one buffer of the server is read in place; what outlives this call is detached from it.
        byte[]? rented = null;
        ReadOnlyMemory<byte> bytes = body.First;
        if (!body.IsSingleSegment)
        {
            rented = ArrayPool<byte>.Shared.Rent((int)body.Length);
            body.CopyTo(rented);
            bytes = rented.AsMemory(0, (int)body.Length);
        }

        try
        {
            return Evaluate(context, bytes);
        }
        finally
        {
            reader.AdvanceTo(body.End);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    // Not async: once it returns, the body is no longer in use.
    private Task Evaluate(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var parsed = FalcoEventParser.Parse(body);
        if (!parsed.IsEvent)
        {
            return RefuseAsync(context, StatusCodes.Status400BadRequest, "body", $"{Replies.WrongBody}: {parsed.Error}{Hint(context.Request)}");
        }

        var falcoEvent = parsed.Event;
        meters.EventReceived(falcoEvent);
        if (falcoEvent.IsIncomplete)
        {
            meters.IngressIncomplete();
        }

        string? traceId = null;
        if (options.PrintAllEvents)
        {
            traceId = TraceId.Of(context.Request.Headers.TraceParent);
            log.Write(EventLines.Event(falcoEvent, traceId));
        }

        var match = rules.Current.Match(falcoEvent);
        if (match.Plan is not { } plan)
        {
            meters.IngressUnmatched();
            return Replies.Done(context);
        }

        return AcceptAsync(context, falcoEvent.Detach(), plan, match.Named, traceId ?? TraceId.Of(context.Request.Headers.TraceParent));
    }

    private async Task AcceptAsync(HttpContext context, FalcoEvent falcoEvent, EventPlan plan, VolatileSet named, string traceId)
    {
        IntakeResult result;
        try
        {
            result = await intake.AcceptAsync(falcoEvent, plan, named, traceId, context.RequestAborted);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            log.Write(new LogLine("http")
            {
                Level = LogLineLevel.Error,
                Event = falcoEvent.Rule,
                TraceId = traceId,
                Error = $"the event could not be taken in: {e}",
            });
            await RefuseLaterAsync(context, "fault", RetryAfterFault, "the event could not be taken in because of a fault; the log says more");
            return;
        }

        switch (result)
        {
            case IntakeResult.Accepted:
                await Replies.Done(context);
                break;
            case IntakeResult.Duplicate:
                meters.DuplicateEvent();
                await Replies.Done(context);
                break;
            case IntakeResult.Refused refused:
                await RefuseLaterAsync(context, refused.Cause, refused.RetryAfter, refused.Reason);
                break;
            case var other:
                throw new InvalidOperationException($"the intake answered {other.GetType().Name}");
        }
    }

    private Task TooLargeAsync(HttpContext context) =>
        RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "size", $"the body is larger than {options.MaxBody} bytes (ingress.max_body)");

    private Task RefuseAsync(HttpContext context, int status, string cause, string line)
    {
        meters.IngressRefused(cause);
        refusals.Record(cause, line);
        return Replies.Text(context, status, line);
    }

    private Task RefuseLaterAsync(HttpContext context, string cause, TimeSpan retryAfter, string line)
    {
        meters.IngressRefused(cause);
        refusals.Record(cause, line);
        return Replies.ComeAgain(context, retryAfter, line);
    }

    private static string Hint(HttpRequest request) => request.Headers.ContentEncoding.Count > 0
        ? "; compressed bodies are not read"
        : "";
}
