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
}
