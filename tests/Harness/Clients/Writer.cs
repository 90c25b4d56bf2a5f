using System.Collections.Immutable;
using Npgsql;
using PgAutoFailover.Harness.Networks;

namespace PgAutoFailover.Harness.Clients;

/// <summary>
/// An application with one connection that inserts numbered rows, one transaction each, and remembers which were acknowledged. On any
/// error it drops the connection and tries again 5 ms later, like a client that only wants to get its work done.
/// </summary>
/// <remarks>
/// It runs on a thread of its own with Npgsql's synchronous calls, because a network namespace is a property of the thread that opens
/// the socket. A commit answered with a warning (the wait for the standby was cancelled) is counted as in doubt, not as acknowledged.
/// </remarks>
public sealed class Writer : IDisposable
{
    private static readonly TimeSpan s_retryPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_rowPause = TimeSpan.FromMilliseconds(2);

    private readonly Endpoints _endpoints;
    private readonly TestHost _host;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Acknowledgement> _acknowledged = [];
    private readonly List<Refusals> _refusals = [];
    private int _inDoubt;
    private long _lastId;

    internal Writer(string name, NpgsqlConnectionStringBuilder target, TestHost host)
    {
        Name = name;
        _host = host;
        SetUp(target, "writer " + name);
        _endpoints = new Endpoints(target);
        _thread = new Thread(Write) { IsBackground = true, Name = "writer " + name };
        _thread.Start();
    }

    public string Name { get; }

    /// <summary>Everything acknowledged so far, in order.</summary>
    public ImmutableArray<Acknowledgement> Acknowledged
    {
        get
        {
            lock (_lock)
            {
                return [.. _acknowledged];
            }
        }
    }

    public ImmutableArray<Refusals> Refused
    {
        get
        {
            lock (_lock)
            {
                return [.. _refusals];
            }
        }
    }

    /// <summary>Commits that were answered with a warning.</summary>
    public int InDoubt => Volatile.Read(ref _inDoubt);

    public Acknowledgement? LastAcknowledged
    {
        get
        {
            lock (_lock)
            {
                return _acknowledged is [.., var last] ? last : null;
            }
        }
    }

    /// <summary>When the latest acknowledged row was sent.</summary>
    public TimeSpan LastSent
    {
        get
        {
            lock (_lock)
            {
                return _acknowledged is [.., var last] ? last.Sent : TimeSpan.MinValue;
            }
        }
    }

    /// <summary>Stops writing; what was acknowledged stays known.</summary>
    public void Stop()
    {
        _stop.Set();
        _thread.Join();
    }

    public void Dispose()
    {
        if (_thread.IsAlive)
        {
            Stop();
        }
    }

    /// <summary>The latest answers, for messages of failed tests.</summary>
    public string Describe()
    {
        ImmutableArray<Acknowledgement> acknowledged = Acknowledged;
        string last = acknowledged is [.., var one] ? $"the last at {one.At.TotalSeconds:0.00} by port {one.Port}" : "none yet";
        var lines = Refused.TakeLast(8).Select(r => $"    {r.First.TotalSeconds:0.00}–{r.Last.TotalSeconds:0.00} {r.Count}×: {r.Reason}");
        return string.Join('\n', lines.Prepend($"  writer {Name}: {acknowledged.Length} acknowledged, {last}; {InDoubt} in doubt"));
    }

    /// <summary>A client that waits no longer than 2 s for anything.</summary>
    internal static void SetUp(NpgsqlConnectionStringBuilder target, string applicationName)
    {
        target.Pooling = false;
        target.Timeout = 2;
        target.CommandTimeout = 2;
        target.CancellationTimeout = -1;
        // Asking a frozen server for GSS encryption blocks a synchronous open for ever.
        target.GssEncryptionMode = GssEncryptionMode.Disable;
        target.ApplicationName = applicationName;
    }

    private void Write()
    {
        _host.EnterOnThisThread();
        while (!_stop.IsSet)
        {
            try
            {
                using NpgsqlConnection connection = _endpoints.Open();
                WriteRows(connection);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or IOException or OperationCanceledException)
            {
                Refuse(e);
                _stop.Wait(s_retryPause);
            }
        }
    }

    private void WriteRows(NpgsqlConnection connection)
    {
        bool warned = false;
        connection.Notice += (_, notice) => warned |= notice.Notice.InvariantSeverity == "WARNING";
        int port = connection.Port;
        using var command = new NpgsqlCommand("insert into ledger(writer, id) values ($1, $2)", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Name });
        var number = new NpgsqlParameter<long>();
        command.Parameters.Add(number);
        while (!_stop.IsSet)
        {
            // Counted up before it is sent: a number whose fate is unknown is never used again.
            long id = ++_lastId;
            number.TypedValue = id;
            warned = false;
            TimeSpan sent = Clock.Now;
            command.ExecuteNonQuery();
            if (warned)
            {
                Interlocked.Increment(ref _inDoubt);
            }
            else
            {
                lock (_lock)
                {
                    _acknowledged.Add(new Acknowledgement(id, sent, Clock.Now, port));
                }
            }

            _stop.Wait(s_rowPause);
        }
    }

    private void Refuse(Exception e)
    {
        string reason = e is PostgresException p ? $"{p.SqlState} {p.MessageText}" : e.InnerException?.Message ?? e.Message;
        TimeSpan now = Clock.Now;
        lock (_lock)
        {
            if (_refusals is [.., var last] && last.Reason == reason)
            {
                _refusals[^1] = last with { Last = now, Count = last.Count + 1 };
            }
            else
            {
                _refusals.Add(new Refusals(now, now, 1, reason));
            }
        }
    }
}
