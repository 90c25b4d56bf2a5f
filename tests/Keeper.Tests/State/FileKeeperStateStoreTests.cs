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
}
