using Xunit.Abstractions;
using Xunit.Sdk;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>Makes the cases of <see cref="ClusterFactAttribute"/>.</summary>
public sealed class ClusterFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        ClusterTests.WhySkipped(testMethod, factAttribute) is { } why
            ? ClusterTests.Skipped(DiagnosticMessageSink, discoveryOptions, testMethod, why)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
}
