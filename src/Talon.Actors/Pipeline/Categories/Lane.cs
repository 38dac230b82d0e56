namespace Talon.Actors.Pipeline.Categories;

/// <summary>One lane of a category: how many run, and who waits, first come first served.</summary>
internal sealed class Lane(string name, int limit)
{
    public string Name { get; } = name;

    public LinkedList<Job> Waiting { get; } = new();

    public int Running { get; set; }

    public bool HasRoom => Running < limit;
}
