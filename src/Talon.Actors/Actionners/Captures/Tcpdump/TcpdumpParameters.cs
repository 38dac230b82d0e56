using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Captures.Tcpdump;

/// <summary>The parameters of <c>kubernetes:tcpdump</c>.</summary>
/// <param name="Snaplen">How many bytes of each packet are kept; 0 for as many as tcpdump can.</param>
/// <param name="Container">The container whose processes the debug container sees; null lets the event and the pod decide.</param>
/// <param name="ImageWait">How long the image may take to be pulled and its container to start.</param>
/// <param name="MaxSize">Where the capture is cut, in bytes.</param>
internal sealed record TcpdumpParameters(TimeSpan Duration, int Snaplen, string Image, string? Container, TimeSpan ImageWait, long MaxSize)
{
    // It has tcpdump and timeout. A tag can be moved: whoever runs Talon should name a digest that they have checked.
    private const string DefaultImage = "docker.io/nicolaka/netshoot:v0.13";
    private const int MostSeconds = 300;
    private const int DefaultSnaplen = 4096;

    /// <summary>The largest value that <c>tcpdump -s</c> takes.</summary>
    private const int MostSnaplen = 262_144;

    public static ParameterSchema Schema { get; } = new(
    [
        CaptureParameters.Seconds(MostSeconds),
        new ParameterSpec
        {
            Name = "snaplen",
            Type = ParameterType.Whole,
            DefaultText = "4096",
            Description = "How many bytes of each packet to keep; 0 keeps as many as tcpdump can.",
            Range = new WholeRange(0, MostSnaplen, "bytes"),
        },
        CaptureParameters.Image(DefaultImage, "tcpdump"),
        TargetParameters.Container,
        CaptureParameters.ImageWait,
        CaptureParameters.MaxSize,
    ]);

    public static (TcpdumpParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        var parameters = new TcpdumpParameters(
            TimeSpan.FromSeconds(map.GetWhole("duration") is { } seconds and > 0 ? seconds : CaptureParameters.DefaultSeconds),
            (int)(map.GetWhole("snaplen") ?? DefaultSnaplen),
            map.GetText("image") ?? DefaultImage,
            map.GetText("container"),
            CaptureParameters.ImageWaitOf(map),
            CaptureParameters.MaxSizeOf(map));
        return (parameters, problems);
    }
}
