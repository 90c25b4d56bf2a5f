using System.Text.Json;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Hooks;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Monitor.Settings;
using PgAutoFailover.Monitor.Store;

namespace PgAutoFailover.Monitor.Api;

/// <summary>What stands behind the SQL API's stubs: hands each request to the one that knows its function.</summary>
internal sealed class SqlApi(GroupRegistry groups, KeeperLinks links, PlannedChanges planned, SettingsSource settings, ILogger logger) : IServiceRequests, IDisposable
{
    private readonly NodeActive _nodeActive = new(groups, links);
    private readonly NodeRegistrations _registrations = new(groups);
    private readonly NodeIdentity _identity = new(groups);
    private readonly Operators _operators = new(groups, planned);
    private readonly Formations _formations = new(groups);
    private readonly Explanations _explanations = new(groups, settings);

    public async Task<ServiceReply> HandleAsync(ServiceConnection connection, string requestJson, CancellationToken cancellationToken)
    {
        try
        {
            using var request = JsonDocument.Parse(requestJson);
            var function = request.RootElement.GetProperty("fn").GetString();
            var arguments = new RequestArguments(request.RootElement.TryGetProperty("args", out var args) ? args : default);
            if (function is not ("node_active" or "ping" or "explain" or "await_planned_change" or "answer_before_change"))
            {
                LogCall(request.RootElement, function, args);
            }

            var planning = new PlannedCall(
                connection,
                request.RootElement.TryGetProperty("pid", out var pid) ? pid.GetInt32() : null,
                request.RootElement.TryGetProperty("skip_hooks", out var skip) && skip.ValueKind == JsonValueKind.True);
            return await (function switch
            {
                "node_active" => _nodeActive.HandleAsync(connection, arguments, cancellationToken),
                "explain" => Task.FromResult(_explanations.Explain(arguments)),
                "ping" => Task.FromResult(ReplyJson.True),
                "register_node" => _registrations.RegisterAsync(arguments, cancellationToken),
                "set_node_system_identifier" => _identity.SetSystemIdentifierAsync(arguments, cancellationToken),
                "set_group_system_identifier" => _identity.SetGroupSystemIdentifierAsync(arguments, cancellationToken),
                "update_node_metadata" => _identity.UpdateMetadataAsync(arguments, cancellationToken),
                "set_client_address" => _identity.SetClientAddressAsync(arguments, cancellationToken),
                "remove_node" => _operators.RemoveNodeAsync(arguments, cancellationToken),
                "perform_failover" => _operators.PerformFailoverAsync(planning, arguments, allowDataLoss: false, cancellationToken),
                "perform_failover_with_data_loss" => _operators.PerformFailoverAsync(planning, arguments, allowDataLoss: true, cancellationToken),
                "perform_promotion" => _operators.PerformPromotionAsync(planning, arguments, cancellationToken),
                "start_maintenance" => _operators.StartMaintenanceAsync(planning, arguments, cancellationToken),
                "await_planned_change" => planned.ContinueAsync(connection, arguments.Long("id"), cancellationToken),
                "answer_before_change" => Task.FromResult(ReplyJson.Of(planned.Answer(
                    arguments.Long("question"), arguments.Long("node_id"), arguments.Bool("agrees"), arguments.Text("words")))),
                "stop_maintenance" => _operators.StopMaintenanceAsync(arguments, cancellationToken),
                "set_node_candidate_priority" => _operators.SetCandidatePriorityAsync(arguments, cancellationToken),
                "set_node_replication_quorum" => _operators.SetReplicationQuorumAsync(arguments, cancellationToken),
                "set_formation_number_sync_standbys" => _operators.SetNumberSyncStandbysAsync(arguments, cancellationToken),
                "create_formation" => _formations.CreateAsync(arguments, cancellationToken),
                "drop_formation" => _formations.DropAsync(arguments, cancellationToken),
                "enable_secondary" => _formations.SetOptSecondaryAsync(arguments, allow: true, cancellationToken),
                "disable_secondary" => _formations.SetOptSecondaryAsync(arguments, allow: false, cancellationToken),
                _ => Task.FromResult(ServiceReply.Refused(new(
                    ApiError.FeatureNotSupported, $"the monitor's service has no function \"{function}\"",
                    Hint: "The schema of the monitor's database does not match the running program: restart \"pg_autoctl run\""))),
            });
        }
        catch (RequestException e)
        {
            return ServiceReply.Refused(e.Error);
        }
        catch (JsonException)
        {
            // PostgreSQL made it, and takes documents that nest deeper than anything that a keeper has to say.
            return ServiceReply.Refused(new(ApiError.InvalidParameterValue, "an argument nests too deeply to be read"));
        }
        catch (StoreException e)
        {
            return ServiceReply.Refused(new("40003", "the monitor could not read or write its tables", e.Message, "Try again in a moment"));
        }
    }

    public void ConnectionClosed(ServiceConnection connection)
    {
        links.Ended(connection);
        planned.Left(connection);
    }

    public void Dispose() => _registrations.Dispose();

    // No function of the API takes a secret.
    private void LogCall(JsonElement request, string? function, JsonElement arguments)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            Log.Called(logger, request.TryGetProperty("user", out var user) ? user.GetString() : null, function, arguments.ToString());
        }
    }
}
