namespace Talon.EndToEnd.Tests.Support;

/// <summary>What the process of a specification class runs with.</summary>
public interface IClusterRules
{
    /// <summary>The rule file. Its rules match on names of Falco rules that no other test of the class uses.</summary>
    string Rules { get; }

    /// <summary>Further lines of the configuration file.</summary>
    string Configuration => "";

    /// <summary>How long the waits of the stand-in last against a real cluster.</summary>
    double TimeScale => 0.01;
}
