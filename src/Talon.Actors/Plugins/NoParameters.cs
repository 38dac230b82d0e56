using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>The parameters of an actionner that takes none.</summary>
internal sealed record NoParameters
{
    private static readonly NoParameters Instance = new();

    public static (NoParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written) =>
        (Instance, ParameterSchema.None.Bind(written).Problems);
}
