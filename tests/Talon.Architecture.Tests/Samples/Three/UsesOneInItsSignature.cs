namespace Talon.Architecture.Tests.Samples.Three;

// Wrong on purpose: a field of the other folder, as the argument of a generic type.
internal sealed class UsesOneInItsSignature
{
    public readonly List<One.Used> Ones = [];

    public static int Loose = 1;
}
