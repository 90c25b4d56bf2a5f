using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Files;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Files;

public sealed class RuntimePlaceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string First => Path.Join(_directory.Path, "pg_autoctl");

    private string Last => Path.Join(First, "srv/node1");

    [Fact]
    public void It_is_made_for_its_owner_and_found_again()
    {
        RuntimePlace.Prepare(Last, First);
        RuntimePlace.Prepare(Last, First);

        Directory.Exists(Last).ShouldBeTrue();
        foreach (var made in new[] { First, Path.Join(First, "srv"), Last })
        {
            (File.GetUnixFileMode(made) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)).ShouldBe(UnixFileMode.None);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("srv")]
    [InlineData("srv/node1")]
    public void One_that_everybody_can_write_is_refused_wherever_on_the_way_it_is(string which)
    {
        RuntimePlace.Prepare(Last, First);
        File.SetUnixFileMode(Path.Join(First, which), (UnixFileMode)0b111_111_111);

        var failure = Should.Throw<CommandFailure>(() => RuntimePlace.Prepare(Last, First));

        failure.Message.ShouldContain("can be written by everybody");
        failure.Hint.ShouldNotBeNull().ShouldContain("XDG_RUNTIME_DIR");
    }

    [Fact]
    public void One_of_another_user_is_refused_and_a_link_of_his_too()
    {
        File.CreateSymbolicLink(First, "/tmp");

        RuntimePlace.WhyUnsafe(First, user: 12345).ShouldNotBeNull().ShouldContain("belongs to the user with id");
        RuntimePlace.WhyUnsafe(_directory.Path, user: 12345).ShouldNotBeNull().ShouldContain("belongs to the user with id");
        RuntimePlace.WhyUnsafe("/tmp", user: 12345).ShouldBeNull("it is root's, and sticky");
    }

    public void Dispose() => _directory.Dispose();
}
