namespace Talon.Architecture.Tests.Circles.Right;

// Wrong on purpose: see the other one.
internal sealed class UsesLeft
{
    public static readonly int Number = 1;

    public static int Count() => Left.UsesRight.Count();
}
