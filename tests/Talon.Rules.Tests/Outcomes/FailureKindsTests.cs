using Talon.Rules.Outcomes;

namespace Talon.Rules.Tests.Outcomes;

public sealed class FailureKindsTests
{
    private const string MayHaveHappened = nameof(FailureKinds.MayHaveHappened);
    private const string ProvablyNotDone = nameof(FailureKinds.ProvablyNotDone);
    private const string IsTransient = nameof(FailureKinds.IsTransient);
    private const string IsWithoutAnswer = nameof(FailureKinds.IsWithoutAnswer);
    private const string IsAccessDenied = nameof(FailureKinds.IsAccessDenied);
    private const string IsWorthSendingAgain = nameof(FailureKinds.IsWorthSendingAgain);
    private const string MayComeFromOldCredentials = nameof(FailureKinds.MayComeFromOldCredentials);
    private const string IsAboutTheObject = nameof(FailureKinds.IsAboutTheObject);

    private static readonly Dictionary<string, Func<FailureKind, bool>> Questions = new()
    {
        [MayHaveHappened] = FailureKinds.MayHaveHappened,
        [ProvablyNotDone] = FailureKinds.ProvablyNotDone,
        [IsTransient] = FailureKinds.IsTransient,
        [IsWithoutAnswer] = FailureKinds.IsWithoutAnswer,
        [IsAccessDenied] = FailureKinds.IsAccessDenied,
        [IsWorthSendingAgain] = FailureKinds.IsWorthSendingAgain,
        [MayComeFromOldCredentials] = FailureKinds.MayComeFromOldCredentials,
        [IsAboutTheObject] = FailureKinds.IsAboutTheObject,
    };

    // The questions that are answered with yes. A new kind fails the test until it has a row.
    private static readonly Dictionary<FailureKind, string[]> Table = new()
    {
        [FailureKind.Invalid] = [],
        [FailureKind.NotFound] = [IsAboutTheObject],
        [FailureKind.Unauthorized] = [IsAccessDenied, IsWorthSendingAgain, MayComeFromOldCredentials],
        [FailureKind.Forbidden] = [IsAccessDenied],
        [FailureKind.Conflict] = [],
        [FailureKind.Rejected] = [IsAboutTheObject],
        [FailureKind.Throttled] = [ProvablyNotDone, IsTransient, IsWorthSendingAgain],
        [FailureKind.ServerError] = [MayHaveHappened, IsTransient, IsWorthSendingAgain],
        [FailureKind.Timeout] = [MayHaveHappened, IsTransient, IsWithoutAnswer, IsWorthSendingAgain],
        [FailureKind.Unreachable] = [ProvablyNotDone, IsTransient, IsWorthSendingAgain, MayComeFromOldCredentials],
        [FailureKind.ConnectionLost] = [MayHaveHappened, IsTransient, IsWithoutAnswer, IsWorthSendingAgain, MayComeFromOldCredentials],
        [FailureKind.Unknown] = [],
        [FailureKind.Interrupted] = [],
        [FailureKind.Expired] = [],
        [FailureKind.Parked] = [],
        [FailureKind.Crashed] = [],
        [FailureKind.UnknownActionner] = [],
        [FailureKind.NotSent] = [ProvablyNotDone, IsTransient, IsWorthSendingAgain],
        [FailureKind.CommandFailed] = [],
    };

    [Fact]
    public void EveryKind_EveryQuestion_IsAnsweredAsTheTableSays()
    {
        foreach (var kind in Enum.GetValues<FailureKind>())
        {
            Assert.True(Table.TryGetValue(kind, out string[]? expected), $"{kind} has no row");
            Assert.Equal($"{kind}: {string.Join(", ", expected)}", $"{kind}: {string.Join(", ", Questions.Where(each => each.Value(kind)).Select(each => each.Key))}");
            Assert.False(kind.MayHaveHappened() && kind.ProvablyNotDone());
        }
    }

    [Fact]
    public void Table_Questions_AreAllThereAre() => Assert.Equal(
        typeof(FailureKinds).GetMethods().Where(method => method.DeclaringType == typeof(FailureKinds)).Select(method => method.Name).Order(),
        Questions.Keys.Order());
}
