using Talon.Architecture.Tests.Samples.Three;

namespace Talon.Architecture.Tests.Code;

public sealed class StaticStateTests
{
    [Fact]
    public void Rooms_HaveNoMutableStaticFields() =>
        Assert.Empty(Rooms.InOrder.SelectMany(room => Rooms.MutableStatics(room.GetTypes())));

    [Fact]
    public void MutableStatics_WrongSample_IsFound() =>
        Assert.Equal(["Talon.Architecture.Tests.Samples.Three.UsesOneInItsSignature.Loose"], Rooms.MutableStatics([typeof(UsesOneInItsSignature)]));
}
