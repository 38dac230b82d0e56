using System.CommandLine;
using Talon.Cluster.Journal.Postgres;
using Talon.Host.Composition;

namespace Talon.Host.Cli.Journal;

/// <summary><c>talon journal schema</c>.</summary>
internal static class JournalSchemaCommand
{
    public static Command Make(CliContext context)
    {
        var command = new TalonCommand(
            "schema",
            "Print the tables of the journal in PostgreSQL, as statements for psql.",
            """
            For databases where Talon's own role may not create tables (journal.auto_create: false). What is there already stays as it
            is. Talon's role needs SELECT, INSERT, UPDATE and DELETE on the tables.

            Example:
              talon journal schema | psql -v ON_ERROR_STOP=1 -d talon
            """);
        command.SetAction(async (_, _) =>
        {
            await context.Out.WriteAsync(PostgresSchema.Script);
            return ExitCodes.Fine;
        });
        return command;
    }
}
