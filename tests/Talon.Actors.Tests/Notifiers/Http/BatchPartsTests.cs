using System.Collections.Immutable;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;

namespace Talon.Actors.Tests.Notifiers.Http;

public sealed class BatchPartsTests
{
    private const int Half = BatchParts.MostBytes / 2;

    [Fact]
    public async Task Send_WhatFits_GoesTogether()
    {
        var (result, parts) = await SendAsync([Half, Half, Half, 1, BatchParts.MostBytes + 1, 1], _ => new NotifyResult.Delivered());

        Assert.IsType<NotifyResult.Delivered>(result);
        Assert.Equal([2, 2, 1, 1], parts);
    }

    [Fact]
    public async Task Send_WholeBatchInOne_HasItsResult()
    {
        var trouble = new NotifyResult.Troubled("no", TimeSpan.FromSeconds(3));

        Assert.Same(trouble, (await SendAsync([1, 1], _ => trouble)).Result);
    }

    [Fact]
    public async Task Send_FirstPartIsRefused_AllAreToBeHalved()
    {
        var (result, parts) = await SendAsync([Half, Half, 1], _ => new NotifyResult.Refused("no"));

        Assert.IsType<NotifyResult.Refused>(result);
        Assert.Equal([2], parts);
    }

    [Fact]
    public async Task Send_LaterPartIsRefused_IsSentAgainFirst()
    {
        var (result, parts) = await SendAsync([Half, Half, Half, Half, 1], part => part == 2 ? new NotifyResult.Refused("no") : new NotifyResult.Delivered());

        var troubled = Assert.IsType<NotifyResult.Troubled>(result);
        Assert.Equal("no", troubled.Reason);
        Assert.Equal([RecordEnd.Delivered, RecordEnd.Delivered, RecordEnd.Again, RecordEnd.Again, RecordEnd.Again], troubled.Ends.AsEnumerable());
        Assert.Equal([2, 2], parts);
    }

    [Fact]
    public async Task Send_PartWithEnds_GoesOnUnlessSomeAreToBeSentAgain()
    {
        ImmutableArray<RecordEnd> settled = [RecordEnd.Delivered, RecordEnd.Refused];
        ImmutableArray<RecordEnd> open = [RecordEnd.Again, RecordEnd.Refused];
        var (result, parts) = await SendAsync(
            [Half, Half, Half, Half, Half, Half, 1],
            part => part switch
            {
                1 => new NotifyResult.Troubled("one") { Ends = settled },
                2 => new NotifyResult.Troubled("two", TimeSpan.FromSeconds(9)) { Ends = open },
                _ => new NotifyResult.Delivered(),
            });

        var troubled = Assert.IsType<NotifyResult.Troubled>(result);
        Assert.Equal(("two", TimeSpan.FromSeconds(9)), (troubled.Reason, troubled.RetryAfter));
        Assert.Equal([.. settled, .. open, RecordEnd.Again, RecordEnd.Again, RecordEnd.Again], troubled.Ends.AsEnumerable());
        Assert.Equal([2, 2], parts);
    }

    // The answer by the number of the part, from 1.
    private static async Task<(NotifyResult Result, List<int> Parts)> SendAsync(ImmutableArray<int> sizes, Func<int, NotifyResult> answer)
    {
        var parts = new List<int>();
        var result = await BatchParts.SendAsync(sizes, size => size, part =>
        {
            parts.Add(part.Length);
            return Task.FromResult(answer(parts.Count));
        });
        return (result, parts);
    }
}
