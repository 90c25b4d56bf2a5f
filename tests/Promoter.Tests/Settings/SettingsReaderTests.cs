using PgAutoFailover.Promoter.Settings;

namespace PgAutoFailover.Promoter.Tests.Settings;

public sealed class SettingsReaderTests
{
    [Fact]
    public void More_than_half_of_the_witnesses_must_agree_unless_a_number_is_set()
    {
        Read(("witnesses", "")).WitnessQuorum.ShouldBe(0);
        Read(("witnesses", "a:1")).WitnessQuorum.ShouldBe(1);
        Read(("witnesses", "a:1, b:1")).WitnessQuorum.ShouldBe(2);
        Read(("witnesses", "a:1; b:1; c:1")).WitnessQuorum.ShouldBe(2);
        Read(("witnesses", "a:1; b:1; c:1"), ("witness_quorum", "3")).WitnessQuorum.ShouldBe(3);
    }

    [Fact]
    public void A_witness_by_host_and_port_is_asked_as_the_primary_is()
    {
        var settings = Read(("primary_conninfo", "host=p user=u password=s dbname=d"), ("witnesses", "w:7; host=v user=other dbname=e password='a;b'"));

        settings.Problems.ShouldBeEmpty();
        settings.Witnesses.Select(w => w.Name).ShouldBe(["w:7", "v:5432"]);
        settings.Witnesses.Select(w => (w.Connection.User, w.Connection.Password, w.Connection.Database)).ShouldBe([("u", "s", "d"), ("other", "a;b", "e")]);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var settings = Read(("primary_conninfo", ""), ("witnesses", "host=a port=x"), ("witness_quorum", "2"));

        settings.Problems.Length.ShouldBe(3);
        settings.Problems[0].ShouldContain("primary_conninfo");
        settings.Problems[1].ShouldContain("pg_promoter.witnesses");
        settings.Problems[2].ShouldContain("pg_promoter.witness_quorum");
    }

    [Fact]
    public void Settings_in_a_message_show_no_connection_string() =>
        Read(("primary_conninfo", "host=p password=hunter2")).ToString().ShouldNotContain("hunter2");

    private static PromoterSettings Read(params (string Name, string Value)[] changes)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["primary_conninfo"] = "host=p",
            ["replication"] = "0",
            ["keep_alive_ms"] = "5000",
            ["keepalive_count"] = "3",
            ["connect_timeout_ms"] = "2000",
            ["statement_timeout_ms"] = "2000",
            ["witnesses"] = "",
            ["witness_quorum"] = "0",
            ["max_lag_bytes"] = "-1",
            ["fence_command"] = "",
            ["trigger_command"] = "",
            ["command_timeout_ms"] = "30000",
            ["dry_run"] = "0",
        };
        foreach (var (name, value) in changes)
        {
            values[name] = value;
        }

        return SettingsReader.Read(values, 1);
    }
}
