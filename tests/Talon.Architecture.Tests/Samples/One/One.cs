namespace Talon.Architecture.Tests.Samples.One;

internal sealed class One
{
    public const string Name = "one";

    public static int Count() => 1;
}
