using PgAutoFailover.Core.Groups;
using PgAutoFailover.Monitor.Settings;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Settings;

public sealed class SettingsReaderTests
{
    [Fact]
    public void What_is_in_force_is_told_by_the_names_of_the_parameters()
    {
        var text = SettingsReader.Describe(MonitorSettings.Default with { EnableHealthChecks = false });

        text.ShouldStartWith("pgautofailover.enable_health_checks = off, pgautofailover.health_check_period = 5000 ms, ");
        text.ShouldContain("pgautofailover.promote_wal_log_threshold = 16777216, ");
    }
}
