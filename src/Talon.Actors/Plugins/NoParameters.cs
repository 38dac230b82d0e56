using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>The parameters of an actionner that takes none.</summary>
internal sealed record NoParameters
{
    private static readonly NoParameters Instance = new();

    /// <summary>Reads parameters as written in a plan. The problems are empty when there are none.</summary>
    public static (NoParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written) =>
        (Instance, ParameterSchema.None.Bind(written).Problems);
}
