namespace Talon.Architecture.Tests.Samples.One;

internal sealed class Used
{
    public const string Name = "one";

    public static int Count() => 1;
}
