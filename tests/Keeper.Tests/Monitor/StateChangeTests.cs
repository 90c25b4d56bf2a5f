using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Monitor;

public sealed class StateChangeTests
{
    [Fact]
    public void A_notification_as_the_monitor_sends_it_is_read() =>
        StateChange.TryParse(
            """
            {"type": "state", "formation": "default", "groupId": 0, "nodeId": 1, "name": "node_1", "host": "h1", "port": 5432, "reportedState": "single", "goalState": "wait_primary", "health":"unknown"}
            """).ShouldBe(new StateChange("default", 0, 1, "node_1", "h1", 5432, NodeState.Single, NodeState.WaitPrimary, "unknown"));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"type": "log"}""")]
    [InlineData("""{"type": "state", "reportedState": "king", "goalState": "single"}""")]
    public void Anything_else_is_passed_over(string payload) => StateChange.TryParse(payload).ShouldBeNull();
}
