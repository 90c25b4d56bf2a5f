using PgAutoFailover.Postgres.Settings;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Settings;

public sealed class MonitorSessionsTests : IDisposable
{
    private readonly string _pgData = Directory.CreateTempSubdirectory("pgaf-sessions-").FullName;

    private string ConfPath => Path.Combine(_pgData, "postgresql.conf");

    [Theory]
    [InlineData(
        "port = 5432\nmax_connections = 100\t\t# (change requires restart)\n#superuser_reserved_connections = 3\t# (change requires restart)\n",
        "port = 5432\nmax_connections = 500\t\t# (change requires restart)\nsuperuser_reserved_connections = 20\t# (change requires restart)\n")]
    [InlineData("max_connections = 40\n#superuser_reserved_connections = 3\n", "max_connections = 40\n#superuser_reserved_connections = 3\n")]
    [InlineData("#max_connections = 100\n", "#max_connections = 100\n")]
    public void Initdb_s_number_is_raised_and_one_that_it_had_to_lower_is_not(string before, string after)
    {
        File.WriteAllText(ConfPath, before);

        MonitorSessions.Raise(_pgData);

        File.ReadAllText(ConfPath).ShouldBe(after);
    }

    public void Dispose() => Directory.Delete(_pgData, recursive: true);
}
