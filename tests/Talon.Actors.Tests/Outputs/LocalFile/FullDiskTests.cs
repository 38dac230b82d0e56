using System.Runtime.Versioning;
using Talon.Actors.Outputs.LocalFile;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Outputs.LocalFile;

/// <summary><c>local:file</c> on a disk that is full: a real one, of 64 KiB.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FullDiskTests
{
    private const int Size = 64 * 1024;

    private readonly LocalFileOutput _output = new(TimeProvider.System);

    [SmallDiskFact]
    public async Task Store_MoreThanThereIsRoomFor_SaysSoAndLeavesNothing()
    {
        using var disk = SmallDisk.Mount("size=64k");

        AssertFull(await StoreAsync(disk, 4 * Size));

        Assert.Empty(Directory.GetFileSystemEntries(disk.Folder));
        Assert.IsType<StoreResult.Stored>(await StoreAsync(disk, 1000));
    }

    /// <summary>What is written last sits in a buffer: the disk refuses it only when the file is finished.</summary>
    [SmallDiskFact]
    public async Task Store_LastStrokeDoesNotFit_SaysSoAndLeavesNothing()
    {
        using var disk = SmallDisk.Mount("size=64k");

        AssertFull(await StoreAsync(disk, Size + 1));

        Assert.Empty(Directory.GetFileSystemEntries(disk.Folder));
    }

    [SmallDiskFact]
    public async Task Store_NoRoomForTheSideFile_LeavesNoFileWithoutOne()
    {
        using var disk = SmallDisk.Mount("size=64k");

        AssertFull(await StoreAsync(disk, Size));

        Assert.Empty(Directory.GetFileSystemEntries(disk.Folder));
    }

    [SmallDiskFact]
    public async Task Store_DiskFilledByOthers_LeavesTheirsAlone()
    {
        using var disk = SmallDisk.Mount("size=64k");
        await File.WriteAllBytesAsync(Path.Combine(disk.Folder, "theirs"), new byte[Size]);

        AssertFull(await StoreAsync(disk, 10));

        Assert.Equal([Path.Combine(disk.Folder, "theirs")], Directory.GetFileSystemEntries(disk.Folder));
    }

    [SmallDiskFact]
    public async Task Check_NoRoomForOneMoreFile_SaysSo()
    {
        using var disk = SmallDisk.Mount("size=64k,nr_inodes=3");
        await File.WriteAllTextAsync(Path.Combine(disk.Folder, "a"), "");
        await File.WriteAllTextAsync(Path.Combine(disk.Folder, "b"), "");

        var failed = await _output.CheckAsync(Parameters(disk), ActionnerRig.Scope());

        Assert.Equal((FailureKind.ServerError, $"cannot write to the folder '{disk.Folder}': the disk is full"), (failed!.Kind, failed.Reason));
        Assert.Equal(2, Directory.GetFileSystemEntries(disk.Folder).Length);
    }

    private static void AssertFull(StoreResult result)
    {
        var failed = Assert.IsType<StoreResult.Failed>(result).Why;
        Assert.Equal(FailureKind.ServerError, failed.Kind);
        Assert.EndsWith(": the disk is full", failed.Reason, StringComparison.Ordinal);
    }

    private static ParameterMap Parameters(SmallDisk disk) => ParameterMap.Empty.With("destination", new ParameterValue.Text(disk.Folder));

    private Task<StoreResult> StoreAsync(SmallDisk disk, int bytes) => _output.StoreAsync(
        Parameters(disk),
        Artifacts.Writing("capture", async (stream, token) =>
        {
            byte[] piece = new byte[10_000];
            for (int left = bytes; left > 0; left -= piece.Length)
            {
                await stream.WriteAsync(piece.AsMemory(0, Math.Min(left, piece.Length)), token);
            }

            return null;
        }),
        ActionnerRig.Scope());
}
