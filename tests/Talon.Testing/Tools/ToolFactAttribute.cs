using Xunit;

namespace Talon.Testing.Tools;

/// <summary>A test that needs tools. Without one it is skipped; with <c>TALON_TEST_REQUIRE=all</c> it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params TestTool[] tools) => Skip = TestTools.WhySkipped(tools);
}
