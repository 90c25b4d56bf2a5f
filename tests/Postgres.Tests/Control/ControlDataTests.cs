using PgAutoFailover.Postgres.Control;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Control;

public sealed class ControlDataTests : PostgresTest
{
    [Fact]
    public async Task The_control_file_tells_the_same_as_pg_controldata()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        var observed = await instance.WaitUntilAsync(o => o.IsReady, Token);
        ControlFile.ReadState(instance.Options.PgData).ShouldBe(ClusterState.InProduction);

        await instance.Server.StopAsync(StopMode.Fast, Token);

        var control = await instance.Server.ReadControlDataAsync(Token);
        control.SystemIdentifier.ShouldBe(observed.SystemIdentifier);
        control.State.ShouldBe("shut down");
        control.Timeline.ShouldBe(1);
        control.LatestCheckpoint.IsValid.ShouldBeTrue();
        control.MinRecoveryEnd.IsValid.ShouldBeFalse();
        ControlFile.ReadState(instance.Options.PgData).ShouldBe(ClusterState.ShutDown);
    }

    [Fact]
    public void Without_a_control_file_there_is_no_state() => ControlFile.ReadState(Root).ShouldBeNull();

    [Fact]
    public void Output_that_lacks_a_line_is_an_error_that_says_which() =>
        Should.Throw<PostgresException>(() => ControlDataReader.Parse("pg_control version number: 1300")).Message.ShouldContain("Catalog version number");
}
