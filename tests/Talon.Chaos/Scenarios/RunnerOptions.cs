namespace Talon.Chaos.Scenarios;

/// <summary>How scenarios are run.</summary>
/// <param name="Folder">Where each run gets a folder for its logs.</param>
/// <param name="Talon">The program under test.</param>
/// <param name="Rate">Events a second instead of those of the scenario; null keeps these.</param>
internal sealed record RunnerOptions(string Folder, string Talon, double? Rate = null);
