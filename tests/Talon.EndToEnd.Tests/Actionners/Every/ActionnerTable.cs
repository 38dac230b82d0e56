using System.Reflection;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners.Every;

/// <summary>
/// All actionners with what differs between them where they meet the same trouble: each row stands as <c>Row</c> with the
/// specification of its actionner, which says what it does when all goes well.
/// </summary>
internal sealed class ActionnerTable : IRowNeeds
{
    private static readonly ActionnerRow[] Rows =
    [
        .. typeof(ActionnerTable).Assembly.GetTypes()
            .Select(type => type.GetProperty("Row", BindingFlags.Static | BindingFlags.NonPublic))
            .Where(row => row?.PropertyType == typeof(ActionnerRow))
            .Select(row => (ActionnerRow)row!.GetValue(null)!),
    ];

    /// <summary>The names, for a theory.</summary>
    public static TheoryData<string> Names => [.. Rows.Select(row => row.Name)];

    /// <summary>The names of those that notice when a test replaces their object late.</summary>
    public static TheoryData<string> NamesOfThoseThatNotice => [.. Rows.Where(row => row.NoticesAnother).Select(row => row.Name)];

    public static ActionnerRow Of(string name) => Rows.Single(row => row.Name == name);

    /// <summary>Two rules for each: as it is, and with a timeout that is just enough to come to its write.</summary>
    public static string Rules => string.Join('\n', Rows.SelectMany(row => new[]
    {
        SpecRules.Of(row.Rule, row.Name, row.Parameters, row.Action),
        SpecRules.Of(row.ImpatientRule, row.Name, row.Parameters, $"  timeout: {ClusterRig.ImpatienceMark}\n{row.Action}"),
    }));

    IEnumerable<string> IRowNeeds.Of(object?[] row) => Of((string)row[0]!).Needs;
}
