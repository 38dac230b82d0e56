using Xunit.Abstractions;
using Xunit.Sdk;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>Makes the cases of <see cref="ClusterTheoryAttribute"/>.</summary>
public sealed class ClusterTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        ClusterTests.WhySkipped(testMethod, theoryAttribute) is { } why
            ? [ClusterTests.Skipped(DiagnosticMessageSink, discoveryOptions, testMethod, why)]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);

    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, object?[] dataRow) =>
        theoryAttribute.GetNamedArgument<Type?>(nameof(ClusterTheoryAttribute.RowNeeds)) is { } type
            && ClusterTests.WhySkipped(testMethod, ((IRowNeeds)Activator.CreateInstance(type)!).Of(dataRow)) is { } why
                ? CreateTestCasesForSkippedDataRow(discoveryOptions, testMethod, theoryAttribute, dataRow, why)
                : base.CreateTestCasesForDataRow(discoveryOptions, testMethod, theoryAttribute, dataRow);
}
