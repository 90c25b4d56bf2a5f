using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Postgres.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.NodeActive;

public sealed class AwaitedStandbysTests
{
    [Theory]
    [InlineData("ANY 1 (pgautofailover_standby_2, pgautofailover_standby_3)", 1, "2")]
    [InlineData("ANY 2 (pgautofailover_standby_2, pgautofailover_standby_3)", 2, "2")]
    [InlineData("ANY 1 (pgautofailover_standby_3)", 1, "")]
    [InlineData("", 1, "2 4")]
    [InlineData("*", 1, "2 4")]
    public void A_standby_that_no_commit_waits_for_stands_in_for_none_that_it_does(string names, int required, string streaming)
    {
        var awaited = AwaitedStandbys.Of(new PostgresObservation
        {
            Phase = PostgresPhase.Ready,
            SynchronousStandbyNames = names,
            WalSenders = [Sender(2, "streaming"), Sender(3, "catchup"), Sender(4, "streaming")],
        });

        awaited.Required.ShouldBe(required);
        awaited.Streaming.Select(s => s.ApplicationName).ShouldBe(streaming.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => $"pgautofailover_standby_{id}"));
    }

    private static WalSender Sender(long nodeId, string state) => new($"pgautofailover_standby_{nodeId}", state, "quorum", new Lsn(1), TimeSpan.FromSeconds(1));
}
