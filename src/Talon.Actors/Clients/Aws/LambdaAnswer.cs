using System.Diagnostics.CodeAnalysis;

namespace Talon.Actors.Clients.Aws;

/// <summary>What AWS answered to a call of a function that it did not refuse.</summary>
/// <param name="Status">The HTTP status, 200 to 299.</param>
/// <param name="FunctionError">How the function failed, <c>Handled</c> or <c>Unhandled</c>; null when it did not.</param>
/// <param name="Payload">What the function returned, at most <see cref="LambdaClient.MostRead"/> bytes.</param>
/// <param name="IsCut">Whether there was more.</param>
internal sealed record LambdaAnswer(int Status, string? FunctionError, ReadOnlyMemory<byte> Payload, bool IsCut);

/// <summary>The answer, or why there is none.</summary>
internal readonly record struct LambdaResult(LambdaAnswer? Answer, AwsError? Error)
{
    /// <summary>The answer; when there is none, the error.</summary>
    public bool TryGet([NotNullWhen(true)] out LambdaAnswer? answer, [NotNullWhen(false)] out AwsError? error)
    {
        answer = Answer;
        error = Error;
        return answer is not null;
    }
}
