namespace Talon.Host.Tests.Support;

internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"not within {Deadline.TotalSeconds} s: {what}");
            await Task.Yield();
        }
    }
}
