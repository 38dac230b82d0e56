using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Captures;

/// <summary>The parameters that the captures share.</summary>
internal static class CaptureParameters
{
    /// <summary>The default of <see cref="ImageWait"/>, in seconds.</summary>
    public const int DefaultImageWait = 20;

    /// <summary>The default of <see cref="MaxSize"/>, in bytes.</summary>
    public const long DefaultMaxSize = 100L << 20;

    /// <summary>The default of <see cref="Seconds"/>.</summary>
    public const int DefaultSeconds = 5;

    /// <summary>How long a container that Talon adds may take to run.</summary>
    public static ParameterSpec ImageWait { get; } = new()
    {
        Name = "image_wait",
        Type = ParameterType.Whole,
        DefaultText = $"{DefaultImageWait}",
        Description = "How many seconds the image may take to be pulled and its container to start.",
        Range = new WholeRange(1, 300, "seconds"),
    };

    /// <summary>How large a capture may become.</summary>
    public static ParameterSpec MaxSize { get; } = new()
    {
        Name = "max_size",
        Type = ParameterType.Text,
        DefaultText = "100Mi",
        Description = "How many bytes the capture may have: a number, with Ki, Mi or Gi behind it if it is large. There it is cut, and the outcome says so.",
        Check = ParameterChecks.SizeUpTo(10L << 30, "100Mi"),
    };

    public static TimeSpan ImageWaitOf(ParameterMap map) => TimeSpan.FromSeconds(map.GetWhole(ImageWait.Name) ?? DefaultImageWait);

    public static long MaxSizeOf(ParameterMap map) =>
        ByteSize.TryParse(map.GetText(MaxSize.Name), out long bytes) ? bytes : DefaultMaxSize;

    /// <summary>The image of a container that Talon adds.</summary>
    /// <param name="program">What the image has to contain.</param>
    public static ParameterSpec Image(string defaultImage, string program) => new()
    {
        Name = "image",
        Type = ParameterType.Text,
        DefaultText = defaultImage,
        Description = $"The image that brings {program}; name it with its digest, so that it is always the same one.",
        Check = ParameterChecks.Text(ImageReference.Check),
    };

    /// <summary>How long a capture runs. <see cref="DefaultSeconds"/> when it is 0 or not given.</summary>
    /// <param name="most">The longest, in seconds.</param>
    public static ParameterSpec Seconds(int most) => new()
    {
        Name = "duration",
        Type = ParameterType.Whole,
        DefaultText = $"{DefaultSeconds}",
        Description = "How many seconds to capture; 0 counts as not given.",
        Range = new WholeRange(1, most, "seconds") { Advice = $"leave it out for {DefaultSeconds}", AllowsZero = true },
    };
}
