namespace Talon.Architecture.Tests.Samples.Two;

// Wrong on purpose: only the body of a lambda names the other folder.
internal sealed class UsesOneInItsBody
{
    public static Func<int> Make() => () => One.Used.Count() + 1;
}
