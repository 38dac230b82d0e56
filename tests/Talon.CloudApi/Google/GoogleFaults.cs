using Microsoft.AspNetCore.Http;

namespace Talon.CloudApi.Google;

/// <summary>What the stand-in is asked for.</summary>
public enum GoogleStep
{
    Token,
    LookUp,
    Call,
    StartUpload,
    Chunk,
    Read,
    Delete,
}

/// <summary>How the stand-in fails.</summary>
public enum GoogleFaultKind
{
    /// <summary>Answers with a status, and does nothing.</summary>
    Status,

    /// <summary>Cuts the line, and does nothing.</summary>
    CutBefore,

    /// <summary>Does what it is asked for, and cuts the line in place of the answer.</summary>
    CutAfter,

    /// <summary>Takes half of the body, and cuts the line.</summary>
    CutInside,

    /// <summary>Does nothing and says nothing.</summary>
    Stall,

    /// <summary>Answers 200 with a body that goes on and on.</summary>
    Endless,

    /// <summary>Answers 200 with a body that begins and does not go on.</summary>
    StallBody,

    /// <summary>Answers 200 with a body that breaks off.</summary>
    CutBody,
}

/// <summary>One fault.</summary>
public sealed record GoogleFault(GoogleStep Step, GoogleFaultKind Kind)
{
    public int Status { get; init; } = 500;

    public string? RetryAfter { get; init; }

    public string? Location { get; init; }

    public string Body { get; init; } = """{"error":{"code":0,"message":"said by the stand-in"}}""";

    /// <summary>How often it happens.</summary>
    public int Times { get; set; } = 1;

    /// <summary>How many requests of the step go well before.</summary>
    public int After { get; set; }
}

/// <summary>The faults that are still to happen.</summary>
public sealed class GoogleFaults
{
    private readonly Lock _gate = new();
    private readonly List<GoogleFault> _faults = [];

    public void Add(GoogleFault fault)
    {
        lock (_gate)
        {
            _faults.Add(fault);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
        }
    }

    /// <summary>The fault of this request; null for none.</summary>
    public GoogleFault? Take(GoogleStep step)
    {
        lock (_gate)
        {
            if (_faults.FirstOrDefault(fault => fault.Step == step && fault.Times > 0) is not { } found)
            {
                return null;
            }

            if (found.After > 0)
            {
                found.After--;
                return null;
            }

            found.Times--;
            return found;
        }
    }

    /// <summary>Carries out what a fault does before anything is done. True when the request is over.</summary>
    public static async Task<bool> BeforeAsync(GoogleFault? fault, HttpContext context)
    {
        switch (fault?.Kind)
        {
            case GoogleFaultKind.Status:
                context.Response.StatusCode = fault.Status;
                if (fault.RetryAfter is { } after)
                {
                    context.Response.Headers.RetryAfter = after;
                }

                if (fault.Location is { } location)
                {
                    context.Response.Headers.Location = location;
                }

                await context.Response.WriteAsync(fault.Body);
                return true;
            case GoogleFaultKind.CutBefore:
                context.Abort();
                return true;
            case GoogleFaultKind.Stall:
                await StallAsync(context);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Carries out what a fault does in place of the answer. True when the request is over.</summary>
    public static async Task<bool> AfterAsync(GoogleFault? fault, HttpContext context)
    {
        switch (fault?.Kind)
        {
            case GoogleFaultKind.CutAfter:
                context.Abort();
                return true;
            case GoogleFaultKind.Endless:
                await EndlessAsync(context);
                return true;
            case GoogleFaultKind.StallBody:
                await context.Response.WriteAsync("begun");
                await context.Response.Body.FlushAsync();
                await StallAsync(context);
                return true;
            case GoogleFaultKind.CutBody:
                await context.Response.WriteAsync("begun");
                await context.Response.Body.FlushAsync();
                context.Abort();
                return true;
            default:
                return false;
        }
    }

    private static async Task StallAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static async Task EndlessAsync(HttpContext context)
    {
        byte[] block = new byte[64 * 1024];
        block.AsSpan().Fill((byte)'x');
        try
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }
}
