using Xunit;

namespace Talon.Testing.Tools;

/// <summary>A table of tests that need tools. Without one they are skipped; with <c>TALON_TEST_REQUIRE=all</c> they fail.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(params TestTool[] tools) => Skip = TestTools.WhySkipped(tools);
}
