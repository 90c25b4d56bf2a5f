using Microsoft.Extensions.Logging;
using PgAutoFailover.Monitor.Store;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Store;

/// <summary>The warning that sessions of the monitor's PostgreSQL run out.</summary>
public sealed class SessionWatchTests(ThrowawayPostgres postgres) : IAsyncLifetime
{
    private readonly List<string> _said = [];
    private MonitorDatabase _database = null!; // by InitializeAsync

    public async ValueTask InitializeAsync() => _database = new MonitorDatabase(new MonitorServiceOptions
    {
        SocketDirectory = postgres.Root,
        PgPort = 5432,
        DbName = await postgres.CreateDatabaseAsync(),
        SuperUser = "postgres",
        ServiceSocketDirectory = postgres.Root,
    });

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public void It_is_said_once_and_again_only_when_it_was_over_in_between()
    {
        var watch = new SessionWatch(_database, TimeProvider.System, new Listener(_said));
        foreach (var (used, warnings) in new[] { (84, 0), (85, 1), (99, 1), (76, 1), (90, 1), (74, 1), (84, 1), (86, 2) })
        {
            watch.Take(used, 100);
            _said.Count.ShouldBe(warnings, $"with {used} of 100");
        }

        _said[0].ShouldContain("has 85 of the 100 sessions");
    }

    [Fact]
    public async Task Sessions_of_clients_count_and_those_that_are_kept_for_superusers_are_not_for_them()
    {
        var watch = new SessionWatch(_database, TimeProvider.System, new Listener(_said));
        await using var first = await postgres.ConnectAsync("postgres");
        await using var second = await postgres.ConnectAsync("postgres");

        var (used, room) = await watch.LookAsync(TestContext.Current.CancellationToken);

        used.ShouldBeInRange(3, 100); // other tests have sessions, too
        room.ShouldBe(100 - int.Parse((await first.RowsAsync("show superuser_reserved_connections"))[0]));
    }

    private sealed class Listener(List<string> said) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            said.Add(formatter(state, exception));
    }
}
