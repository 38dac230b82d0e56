using Talon.Rules.Events;

namespace Talon.Rules.Tests.Events;

public sealed class PriorityNameTests
{
    [Fact]
    public void Of_EveryPriority_IsTheNameThatParseReads()
    {
        string[] names = ["", "Debug", "Informational", "Notice", "Warning", "Error", "Critical", "Alert", "Emergency"];
        Assert.Equal(names, Enumerable.Range(0, 9).Select(number => PriorityName.Of((Priority)number)));
        Assert.Equal(Enumerable.Range(0, 9), names.Select(name => (int)PriorityName.Parse(name)));
        Assert.Equal("", PriorityName.Of((Priority)9));
    }
}
