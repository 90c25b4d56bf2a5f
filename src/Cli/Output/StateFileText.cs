using System.Globalization;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.State;

namespace PgAutoFailover.Cli.Output;

/// <summary>What a keeper's state file says, as <c>show file --state --contents</c> shows it.</summary>
internal static class StateFileText
{
    /// <exception cref="CommandFailure">There is none, or it cannot be trusted.</exception>
    public static KeeperState Load(string path)
    {
        try
        {
            return new FileKeeperStateStore(path, initPath: "").Load()
                ?? throw new CommandFailure(ExitCode.BadState, $"State file \"{path}\" does not exist", "The node has not been created, or was dropped");
        }
        catch (KeeperStateException exception)
        {
            throw new CommandFailure(ExitCode.BadState, exception.Message, exception.Hint, exception);
        }
    }

    public static void Write(string path, bool json, CommandContext context)
    {
        var state = Load(path);
        context.Print(json ? PrettyJson.Format(Json(state)) : Text(state));
    }

    /// <summary>The state as JSON; the keys are those of <c>do fsm state</c>.</summary>
    public static JsonObject Json(KeeperState state) => new()
    {
        ["current_role"] = state.CurrentRole.ToWire(),
        ["assigned_role"] = state.AssignedRole.ToWire(),
        ["version"] = state.Version,
        ["groupId"] = state.GroupId,
        ["nodeId"] = state.NodeId,
        ["last_monitor_contact"] = Time(state.LastMonitorContact),
        ["last_secondary_contact"] = Time(state.LastSecondaryContact),
        ["pgversion"] = state.PgControlVersion,
    };

    private static string Text(KeeperState state) => string.Create(CultureInfo.InvariantCulture, $"""
        Current Role:             {state.CurrentRole.ToWire()}
        Assigned Role:            {state.AssignedRole.ToWire()}
        Last Monitor Contact:     {Time(state.LastMonitorContact)}
        Last Secondary Contact:   {Time(state.LastSecondaryContact)}
        pg_autoctl state version: {state.Version}
        group:                    {state.GroupId}
        node id:                  {state.NodeId}
        nodes version:            {state.NodesVersion}
        PostgreSQL Version:       {state.PgControlVersion}
        PostgreSQL CatVersion:    {state.PgCatalogVersion}
        PostgreSQL System Id:     {state.SystemIdentifier}
        """);

    private static string Time(DateTimeOffset? time) =>
        time is { } known ? known.ToLocalTime().ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture) : "0";
}
