using Xunit.Abstractions;
using Xunit.Sdk;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>What the two discoverers share.</summary>
internal static class ClusterTests
{
    public static string? WhySkipped(ITestMethod method, IAttributeInfo attribute) =>
        WhySkipped(method, attribute.GetNamedArgument<IReadOnlyList<string>>(nameof(ClusterFactAttribute.Needs)));

    public static string? WhySkipped(ITestMethod method, IEnumerable<string> needs)
    {
        var fixture = method.TestClass.Class.ToRuntimeType().GetInterfaces()
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IClassFixture<>))
            .Select(i => i.GenericTypeArguments[0])
            .FirstOrDefault(typeof(ClusterRig).IsAssignableFrom)
            ?? throw new InvalidOperationException($"{method.TestClass.Class.Name} has no class fixture that is a ClusterRig");
        bool standIn = fixture.GetGenericTypeDefinition() == typeof(StandInRig<>);
        return Needs.Missing(standIn, needs);
    }

    public static IXunitTestCase Skipped(IMessageSink sink, ITestFrameworkDiscoveryOptions options, ITestMethod method, string why) =>
        new XunitSkippedDataRowTestCase(sink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, why);
}
