using Npgsql;
using PgAutoFailover.Harness.Networks;

namespace PgAutoFailover.Harness.Clients;

/// <summary>
/// An application with one connection that asks over and over how far the writers have got. On any error it drops the connection and tries
/// again. A thread of its own, for the reason that <see cref="Writer"/> has one.
/// </summary>
public sealed class Reader : IDisposable
{
    private static readonly TimeSpan s_retryPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_readPause = TimeSpan.FromMilliseconds(5);

    private readonly Endpoints _endpoints;
    private readonly TestHost _host;
    private readonly ReadHistory _history;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();

    internal Reader(string name, NpgsqlConnectionStringBuilder target, TestHost host, ReadHistory history)
    {
        _host = host;
        _history = history;
        Writer.SetUp(target, "reader " + name);
        _endpoints = new Endpoints(target);
        _thread = new Thread(Read) { IsBackground = true, Name = "reader " + name };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
    }

    private void Read()
    {
        _host.EnterOnThisThread();
        while (!_stop.IsSet)
        {
            try
            {
                using NpgsqlConnection connection = _endpoints.Open();
                ReadRows(connection);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or IOException or OperationCanceledException)
            {
                _stop.Wait(s_retryPause);
            }
        }
    }

    private void ReadRows(NpgsqlConnection connection)
    {
        // One statement, one snapshot.
        using var command = new NpgsqlCommand(
            "select array(select coalesce((select max(id) from ledger where writer = w), 0) from unnest($1) with ordinality as u(w, n) order by n)",
            connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. _history.Writers.Select(w => w.Name)] });
        int port = connection.Port;
        while (!_stop.IsSet)
        {
            ReadHistory.Bounds bounds = _history.Begin();
            _history.End(bounds, (long[])command.ExecuteScalar()!, port);
            _stop.Wait(s_readPause);
        }
    }
}
