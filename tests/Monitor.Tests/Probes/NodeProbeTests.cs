using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Probes;
using PgAutoFailover.Monitor.Settings;
using PgAutoFailover.Monitor.Tests.Server;
using PgAutoFailover.Monitor.Tests.Time;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Probes;

/// <summary>One probe against a real PostgreSQL, behind a port that the test opens, closes and blocks.</summary>
public sealed class NodeProbeTests(ThrowawayPostgres postgres) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly SettingsSource _settings = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<ProbeOutcome> _seen = Channel.CreateUnbounded<ProbeOutcome>();
    private Relay _relay = null!; // by InitializeAsync

    public async ValueTask InitializeAsync()
    {
        _relay = new Relay(Path.Combine(postgres.Root, ".s.PGSQL.5432"));
        await using var superuser = await postgres.ConnectAsync("postgres");
        await superuser.ExecuteAsync(
            "do $$ begin if not exists (select from pg_roles where rolname = 'pgautofailover_monitor') then create role pgautofailover_monitor login; end if; end $$");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _relay.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task One_session_is_held_and_pinged()
    {
        var run = Run();

        (await SeenAsync()).ShouldBe(ProbeOutcome.Accepting);
        for (var i = 0; i < 5; i++)
        {
            await NextPeriodAsync();
            (await SeenAsync()).ShouldBe(ProbeOutcome.Accepting);
        }

        _relay.Accepted.ShouldBe(1);
        await EndAsync(run);
    }

    [Fact]
    public async Task The_death_of_the_server_is_seen_without_waiting_for_the_period()
    {
        var run = Run();
        (await SeenAsync()).ShouldBe(ProbeOutcome.Accepting);

        await _relay.DisposeAsync();

        (await SeenAsync()).ShouldBe(ProbeOutcome.Refused);
        await EndAsync(run);
    }

    [Fact]
    public async Task A_server_that_refuses_the_session_runs_all_the_same()
    {
        await using (var superuser = await postgres.ConnectAsync("postgres"))
        {
            await superuser.ExecuteAsync("alter role pgautofailover_monitor nologin");
        }

        var run = Run();
        (await SeenAsync()).ShouldBe(ProbeOutcome.NotAccepting);

        await using (var superuser = await postgres.ConnectAsync("postgres"))
        {
            await superuser.ExecuteAsync("alter role pgautofailover_monitor login");
        }

        await EndAsync(run);
    }

    [Fact]
    public async Task A_host_that_swallows_everything_is_given_up_after_the_timeout()
    {
        _relay.IsMute = true;
        var run = Run();
        await Eventually.SatisfiesAsync(() => Task.FromResult(_relay.Accepted), accepted => accepted == 1);

        _time.Advance(MonitorSettings.Default.HealthCheckTimeout);

        (await SeenAsync()).ShouldBe(ProbeOutcome.TimedOut);
        await EndAsync(run);
    }

    private Task Run()
    {
        var target = new ProbeTarget(1, "127.0.0.1", _relay.Port, HoldsSession: true, KeeperGoneAt: null);
        var probe = new NodeProbe(target, new MonitorClock(_time), _settings, ProbeSession.OpenAsync, (_, outcome, _) => _seen.Writer.TryWrite(outcome));
        return probe.RunAsync(_stop.Token);
    }

    private async Task<ProbeOutcome> SeenAsync() =>
        await _seen.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);

    private async Task NextPeriodAsync()
    {
        // The probe starts its timer after it has told what it saw.
        await Eventually.SatisfiesAsync(() => Task.FromResult(_time.HasTimer), has => has);
        _time.Advance(MonitorSettings.Default.HealthCheckPeriod);
    }

    private async Task EndAsync(Task run)
    {
        await _stop.CancelAsync();
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Passes bytes between a TCP port and a unix socket.</summary>
    private sealed class Relay : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<Socket> _sockets = [];
        private readonly CancellationTokenSource _stop = new();
        private readonly string _path;
        private readonly Task _accepting;

        public Relay(string path)
        {
            _path = path;
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _accepting = AcceptAsync(_stop.Token);
        }

        public int Port { get; }

        public int Accepted { get; private set; }

        public bool IsMute { get; set; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _accepting;
            _sockets.ForEach(s => s.Dispose());
        }

        private async Task AcceptAsync(CancellationToken cancellationToken)
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptSocketAsync(cancellationToken);
                    var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    _sockets.AddRange([client, server]);
                    Accepted++;
                    if (!IsMute)
                    {
                        await server.ConnectAsync(new UnixDomainSocketEndPoint(_path), cancellationToken);
                        _ = PumpAsync(client, server, cancellationToken);
                        _ = PumpAsync(server, client, cancellationToken);
                    }
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Disposed.
            }
        }

        private static async Task PumpAsync(Socket from, Socket to, CancellationToken cancellationToken)
        {
            try
            {
                await using var source = new NetworkStream(from);
                await using var target = new NetworkStream(to);
                await source.CopyToAsync(target, cancellationToken);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // One end is gone.
            }

            from.Dispose();
            to.Dispose();
        }
    }
}
