namespace Talon.Architecture.Tests.Circles.Left;

// Wrong on purpose: the folder beside this one uses this one.
internal sealed class UsesRight
{
    public static int Count() => Right.UsesLeft.Number;
}
