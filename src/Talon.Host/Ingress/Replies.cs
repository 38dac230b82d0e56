using System.Globalization;
using System.Text;

namespace Talon.Host.Ingress;

/// <summary>The answers of the ingress other than an empty 200.</summary>
internal static class Replies
{
    /// <summary>The original's text for a request that is no POST.</summary>
    public const string WrongMethod = "Please send with POST http method";

    /// <summary>The original's text for a body that is no event. The reason follows after a colon.</summary>
    public const string WrongBody = "Please send a valid request body";

    /// <summary>Answers 200 without a body.</summary>
    public static Task Done(HttpContext context)
    {
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    /// <summary>Answers with one line of plain text.</summary>
    public static Task Text(HttpContext context, int status, string line)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            return Task.CompletedTask;
        }

        byte[] body = Encoding.UTF8.GetBytes(line + "\n");
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = body.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>Answers 503 and says when to come again, in whole seconds, at least one.</summary>
    public static Task ComeAgain(HttpContext context, TimeSpan retryAfter, string line)
    {
        int seconds = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Text(context, StatusCodes.Status503ServiceUnavailable, line);
    }
}
