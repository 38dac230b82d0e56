using Talon.Actors.Actionners.Targets;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Functions.Lambda;

/// <summary><c>aws:lambda</c> as the catalog lists it.</summary>
internal static class LambdaModule
{
    public static ActionnerModule Module { get; } = new(
        typeof(LambdaModule),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("aws:lambda"),
            Description = "Calls a function of AWS Lambda with the event.",
            Sources = ["any"],
            RequiredFields = [],
            ContinueByDefault = true,
            UsesContexts = true,
            Output = OutputUse.None,
            RepeatSafe = false,
            UidPrecondition = false,
            LongRunning = false,
            Destructive = false,
            Parameters = LambdaParameters.Schema,
            Permissions =
                """
                {
                  "Version": "2012-10-17",
                  "Statement": [
                    {
                      "Effect": "Allow",
                      "Action": ["lambda:GetFunction", "lambda:InvokeFunction"],
                      "Resource": ["arn:aws:lambda:<region>:<account>:function:<name>", "arn:aws:lambda:<region>:<account>:function:<name>:*"]
                    },
                    {
                      "Effect": "Allow",
                      "Action": "sts:GetCallerIdentity",
                      "Resource": "*"
                    }
                  ]
                }

                """,
        },
        create: null);
}
