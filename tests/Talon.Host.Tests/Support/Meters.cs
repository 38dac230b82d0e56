namespace Talon.Host.Tests.Support;

/// <summary>
/// The tests that have a server or count something, one at a time: OpenTelemetry listens to meters by name, process-wide, so two servers would
/// see each other's numbers.
/// </summary>
[CollectionDefinition(Name)]
public sealed class Meters
{
    public const string Name = "meters";
}
