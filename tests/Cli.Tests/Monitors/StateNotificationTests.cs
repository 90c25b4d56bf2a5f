using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Monitors;

public sealed class StateNotificationTests
{
    [Fact]
    public void A_payload_of_the_channel_state_is_read() => StateNotification.Parse(
        """{"type": "state", "formation": "default", "groupId": 0, "nodeId": 1, "name": "node_1", "host": "h1", "port": 5432, "reportedState": "single", "goalState": "wait_primary", "health":"unknown"}""")
        .ShouldBe(new StateNotification("default", 0, 1, "node_1", "h1", 5432, NodeState.Single, NodeState.WaitPrimary));

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type": 5}""")]
    [InlineData("""{"type": "state"}""")]
    [InlineData("""{"type": "state", "reportedState": "happy", "goalState": "single"}""")]
    [InlineData("""{"type": "state", "reportedState": "single", "goalState": "single", "formation": "default", "groupId": "x"}""")]
    [InlineData("""{"type": "state", "formation": "default", "groupId": 0, "nodeId": 1, "name": "\u001b]0;x\u0007", "host": "h1", "port": 5432, "reportedState": "single", "goalState": "single"}""")]
    [InlineData("""{"type": "state", "formation": "default", "groupId": 0, "nodeId": 1, "name": "a", "host": "h1\n", "port": 5432, "reportedState": "single", "goalState": "single"}""")]
    public void Anything_else_is_ignored(string payload) => StateNotification.Parse(payload).ShouldBeNull();
}
