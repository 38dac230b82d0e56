using System.Threading.Channels;

namespace Talon.KubeApi.Kubelet;

/// <summary>
/// The way between a command and its client. Output after the client has gone is dropped, so that the command goes on, as it does on a real
/// node.
/// </summary>
/// <param name="Stdin">Ends when the client closes the input or goes.</param>
/// <param name="Write">Sends bytes on a channel: 1 stdout, 2 stderr.</param>
/// <param name="ClientGone">Set when the client has gone.</param>
internal sealed record ExecPipes(ChannelReader<byte[]> Stdin, Func<byte, ReadOnlyMemory<byte>, ValueTask> Write, CancellationToken ClientGone);
