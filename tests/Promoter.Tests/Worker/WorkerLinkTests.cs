using PgAutoFailover.Promoter.Worker;

namespace PgAutoFailover.Promoter.Tests.Worker;

public sealed class WorkerLinkTests
{
    [Theory]
    [InlineData("hello\t2\t150000\t1\t")]
    [InlineData("what\tis\tthis")]
    [InlineData("server\t1\t2")]
    public void A_worker_of_another_version_is_refused(string line)
    {
        using var link = new WorkerLink(new StringReader(line + "\n"), TextWriter.Null);

        Should.Throw<FormatException>(link.ReadToEnd);
    }

    [Fact]
    public void The_end_of_the_worker_is_told()
    {
        using var link = new WorkerLink(new StringReader(""), TextWriter.Null);

        link.ReadToEnd();

        link.Closed.IsCancellationRequested.ShouldBeTrue();
    }
}
