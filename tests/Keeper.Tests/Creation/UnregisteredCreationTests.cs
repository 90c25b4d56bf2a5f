using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Creation;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Keeper.Tests.Fakes;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Creation;

public sealed class UnregisteredCreationTests
{
    private readonly MemoryStore _store = new();
    private readonly FakeServer _server = new() { DataDirectoryExists = false };

    [Fact]
    public async Task A_new_node_is_nothing_yet_and_knows_its_id_and_what_the_data_directory_was()
    {
        (await CreateAsync(3)).ShouldBe(new CreatedNode(3, 0, "node_3", IsNew: true, IsInitialized: true));
        _store.State.ShouldBe(new KeeperState { CurrentRole = NodeState.Init, AssignedRole = NodeState.Init, NodeId = 3, IsDetached = true });
        _store.Init!.Origin.ShouldBe(PgDataOrigin.Absent);
        _server.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Creating_twice_is_creating_once_and_an_id_is_for_good()
    {
        await CreateAsync(3);
        var before = _store.State;
        (await CreateAsync(3)).IsNew.ShouldBeFalse();
        (await Should.ThrowAsync<CreationException>(() => CreateAsync(4))).Message.ShouldContain("node 3");
        _store.State.ShouldBe(before);
    }

    [Fact]
    public async Task A_running_primary_may_be_adopted_and_a_running_standby_may_not()
    {
        (_server.DataDirectoryExists, _server.IsRunning, _server.InRecovery) = (true, true, true);
        await Should.ThrowAsync<CreationException>(() => CreateAsync(1));
        _store.State.ShouldBeNull();
        _store.Init.ShouldBeNull();

        _server.InRecovery = false;
        await CreateAsync(1);
        _store.Init!.Origin.ShouldBe(PgDataOrigin.RunningPrimary);
    }

    private Task<CreatedNode> CreateAsync(long id) => new UnregisteredCreation(
        new CreationOptions { FormationId = "default", Name = "", Host = "localhost", Port = 5501, DbName = "postgres", PgData = "/data", DesiredNodeId = id },
        _server,
        _store,
        NullLogger<UnregisteredCreation>.Instance).RunAsync(TestContext.Current.CancellationToken);
}
