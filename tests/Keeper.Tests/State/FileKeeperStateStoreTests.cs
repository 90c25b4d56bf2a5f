using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.State;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.State;

public sealed class FileKeeperStateStoreTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pgaf-state").FullName;

    private string StatePath => Path.Combine(_directory, "deep", "pg_autoctl.state");

    private FileKeeperStateStore Store => new(StatePath, Path.Combine(_directory, "deep", "pg_autoctl.init"));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_was_saved_is_loaded()
    {
        var state = new KeeperState
        {
            CurrentRole = NodeState.WaitPrimary,
            AssignedRole = NodeState.Primary,
            NodeId = 7,
            GroupId = 0,
            SystemIdentifier = 7710462077649113329,
            LastMonitorContact = DateTimeOffset.UnixEpoch,
            RewritingPgData = true,
        };
        Store.Save(state);
        Store.Load().ShouldBe(state);
        Store.SaveInit(new InitRecord { Origin = PgDataOrigin.Stopped });
        Store.LoadInit()!.Origin.ShouldBe(PgDataOrigin.Stopped);
        Store.DeleteInit();
        Store.LoadInit().ShouldBeNull();
    }

    [Fact]
    public void Nothing_is_loaded_where_nothing_was_saved() => Store.Load().ShouldBeNull();

    [Fact]
    public void Only_its_owner_may_read_it()
    {
        Store.Save(new KeeperState());
        File.GetUnixFileMode(StatePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void A_file_that_was_cut_anywhere_is_refused()
    {
        Store.Save(new KeeperState { NodeId = 1 });
        var whole = File.ReadAllBytes(StatePath);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(StatePath, whole[..length]);
            Should.Throw<KeeperStateException>(() => Store.Load(), $"cut to {length} bytes").Message.ShouldContain(StatePath);
        }
    }

    [Theory]
    [InlineData("{\"version\": 2}", "newer")]
    [InlineData("{\"version\": 0}", "no version")]
    [InlineData("{\"current_role\": \"king\"}", "damaged")]
    [InlineData("null", "nothing")]
    [InlineData("\u0001\u0002", "damaged")]
    public void A_file_that_is_not_ours_is_refused_with_its_reason(string content, string reason)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StatePath)!);
        File.WriteAllText(StatePath, content);
        Should.Throw<KeeperStateException>(() => Store.Load()).Message.ShouldContain(reason);
    }

    /// <summary>Written by pg_autoctl 2.0 for a secondary whose monitor had been disabled; the rest of its 1,024 bytes is zero.</summary>
    [Fact]
    public void The_file_of_2_0_is_read_and_replaced_by_ours()
    {
        var file = new byte[1024];
        Convert.FromHexString(
            "01000000000000001405000025770d0c83241c68be54026b020000000000000009000000000000000000000000000000ed54026b00000000"
            + "09000000000000000000000000000000ffffffffffffffff").CopyTo(file, 0);
        Directory.CreateDirectory(Path.GetDirectoryName(StatePath)!);
        File.WriteAllBytes(StatePath, file);

        var state = Store.Load().ShouldNotBeNull();

        state.ShouldBe(new KeeperState
        {
            CurrentRole = NodeState.Secondary,
            AssignedRole = NodeState.Secondary,
            NodeId = 2,
            SystemIdentifier = 7710818688778904707,
            PgControlVersion = 1300,
            PgCatalogVersion = 202209061,
            LastMonitorContact = new DateTimeOffset(2026, 11, 22, 2, 35, 25, TimeSpan.Zero),
        });
        Store.Save(state);
        Store.Load().ShouldBe(state);

        file[56] = 200; // a state that it does not have
        File.WriteAllBytes(StatePath, file);
        Should.Throw<KeeperStateException>(() => Store.Load());
    }
}
