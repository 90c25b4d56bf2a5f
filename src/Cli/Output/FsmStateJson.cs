using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;

namespace PgAutoFailover.Cli.Output;

/// <summary>A node's PostgreSQL and its keeper's state, as <c>do fsm</c> prints them.</summary>
internal static class FsmStateJson
{
    /// <exception cref="CommandFailure">There is no state file, or it cannot be trusted.</exception>
    public static JsonObject Of(LocalNode local)
    {
        var state = StateFileText.Load(local.Paths.StateFile);
        var control = ControlFileData.Read(local.Config[ConfigKeys.PgCtl], local.Paths.PgData);
        return new JsonObject
        {
            ["postgres"] = PostgresJson.Of(local.Config, LocalPostgres.Read(local.Paths.PgData), control),
            ["state"] = StateFileText.Json(state),
        };
    }
}
