namespace Talon.Rules.Events;

/// <summary>Some of the patterns of <see cref="VolatileFields.All"/>. The default holds none.</summary>
public readonly record struct VolatileSet
{
    private readonly UInt128 _bits;

    private VolatileSet(UInt128 bits) => _bits = bits;

    /// <summary>Whether it holds none.</summary>
    public bool IsEmpty => _bits == UInt128.Zero;

    /// <summary>Whether it holds a pattern.</summary>
    /// <param name="index">Its place in <see cref="VolatileFields.All"/>.</param>
    public bool Contains(int index) => ((_bits >> index) & UInt128.One) != UInt128.Zero;

    /// <summary>What either holds.</summary>
    public VolatileSet Union(VolatileSet other) => new(_bits | other._bits);

    internal VolatileSet With(int index) => new(_bits | (UInt128.One << index));
}
