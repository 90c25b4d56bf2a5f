using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Keeper.Hooks;

/// <summary>
/// The hook <c>before_change</c>: the monitor asks, the hook is run, its exit code is the answer. In a session of its own, which there is only while there
/// is such a hook: neither a hook that hangs nor a question can disturb what the keeper says to the monitor. Where the session is lost, the
/// monitor gets no answer, and takes that for a refusal.
/// </summary>
/// <param name="uri">The monitor.</param>
/// <param name="place">The node; null while it is not known.</param>
public sealed class BeforeChangeHook(ConnectionUri uri, Func<HookPlace?> place, HookSettings settings, ILogger<BeforeChangeHook> log, TimeProvider time) : IDisposable
{
    private const int KeepaliveSeconds = 10;

    /// <summary>Questions that wait while the hook runs. They are repeated: one that is lost comes again.</summary>
    private const int MostWaiting = 16;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Signal _changed = new(time);
    private readonly Channel<HookQuestion> _questions = Channel.CreateBounded<HookQuestion>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    private volatile HookSettings _settings = settings;
    private (long Id, HookEnd End)? _lastAnswer;

    /// <summary>The configuration has been read again.</summary>
    public void Use(HookSettings settings)
    {
        _settings = settings;
        _changed.Set();
    }

    /// <summary>Answers until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (_settings.BeforeChange is null)
                {
                    await _changed.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);
                }
                else if (!await TryServeAsync(cancellationToken))
                {
                    await Task.Delay(s_pause, time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    public void Dispose() => _changed.Dispose();

    /// <summary>False when the session was lost, or could not be had.</summary>
    private async Task<bool> TryServeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = uri.CreateConnection("pg_autoctl hooks", s =>
            {
                ConnectionLimits.Apply(s);
                s.KeepAlive = KeepaliveSeconds;
            });
            connection.Notification += (_, e) => Hear(e.Payload);
            await connection.OpenAsync(cancellationToken);
            await using (var listen = new NpgsqlCommand($"listen {HookQuestion.Channel}", connection))
            {
                await listen.ExecuteNonQueryAsync(cancellationToken);
            }

            while (_settings.BeforeChange is { } command)
            {
                if (_questions.Reader.TryRead(out var question))
                {
                    await AnswerAsync(connection, command, question, cancellationToken);
                }
                else
                {
                    await connection.WaitAsync(s_look, cancellationToken);
                }
            }

            return true;
        }
#pragma warning disable CA1031 // a hook must not end the keeper, whatever goes wrong with it
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.HookIsOutOfReach(MonitorFailure.From(exception, uri)?.Message ?? exception.Message);
            return false;
        }
    }

    private void Hear(string payload)
    {
        try
        {
            if (JsonSerializer.Deserialize(payload, HookQuestionJson.Default.HookQuestion) is { IsPlausible: true } question && place() is { } here && question.Nodes.Contains(here.Node.Id))
            {
                _questions.Writer.TryWrite(question);
            }
        }
        catch (JsonException exception)
        {
            log.HookIsOutOfReach(exception.Message);
        }
    }

    private async Task AnswerAsync(NpgsqlConnection connection, HookCommand command, HookQuestion question, CancellationToken cancellationToken)
    {
        if (place() is not { } here)
        {
            return;
        }

        // Asked again: the answer has been lost, or the question was repeated while the hook ran.
        if (_lastAnswer is not var (id, end) || id != question.Id)
        {
            log.HookBegins(HookEnvironment.Before, $"a {question.Operation} is planned");
            end = await new HookRun(log, time).RunAsync(
                HookEnvironment.Before, command, HookEnvironment.BeforeChange(here, question), _settings.Timeout, cancellationToken);
            _lastAnswer = (question.Id, end);
            if (!end.Succeeded)
            {
                log.HookRefuses(question.Operation, end.Words);
            }
        }

        await using var answer = new NpgsqlCommand("select pgautofailover.answer_before_change($1, $2, $3, $4)", connection);
        answer.Parameters.Add(new NpgsqlParameter<long> { TypedValue = question.Id });
        answer.Parameters.Add(new NpgsqlParameter<long> { TypedValue = here.Node.Id });
        answer.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = end.Succeeded });
        answer.Parameters.Add(new NpgsqlParameter<string> { TypedValue = end.Words });
        await answer.ExecuteNonQueryAsync(cancellationToken);
    }
}
