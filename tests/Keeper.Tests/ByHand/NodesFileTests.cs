using PgAutoFailover.Keeper.ByHand;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.ByHand;

public sealed class NodesFileTests : IDisposable
{
    private readonly HandFiles _hand = new();

    public void Dispose() => _hand.Dispose();

    [Fact]
    public void What_is_saved_is_what_is_loaded()
    {
        var problems = new List<string>();
        _hand.Nodes.Load(problems).ShouldBeEmpty();
        _hand.Nodes.Save([HandFiles.Node(1, isPrimary: true, lsn: 0x3000060), HandFiles.Node(2)]);
        _hand.Nodes.Load(problems).ShouldBe([HandFiles.Node(1, isPrimary: true, lsn: 0x3000060), HandFiles.Node(2)]);
        File.ReadAllText(_hand.Nodes.Path).ShouldContain("\"node_is_primary\": true");
        problems.ShouldBeEmpty();
        _hand.Nodes.Delete();
        _hand.Nodes.Exists.ShouldBeFalse();
    }

    [Theory]
    [InlineData("nonsense", "expected an array")]
    [InlineData("{}", "expected an array")]
    [InlineData("""[{"node_id":1}]""", "expected an array")]
    [InlineData("""[null]""", "node  \"\" has")]
    [InlineData("""[{"node_id":0,"node_name":"a","node_host":"h","node_port":1,"node_lsn":"0/1","node_is_primary":true}]""", "id below 1")]
    [InlineData("""[{"node_id":1,"node_name":"a","node_host":"h","node_port":0,"node_lsn":"0/1","node_is_primary":true}]""", "port")]
    [InlineData("""[{"node_id":1,"node_name":"a","node_host":"","node_port":1,"node_lsn":"0/1","node_is_primary":true}]""", "no name or host")]
    [InlineData("""[{"node_id":1,"node_name":"a","node_host":"h","node_port":1,"node_lsn":"1","node_is_primary":true}]""", "0/1")]
    [InlineData(
        """[{"node_id":1,"node_name":"a","node_host":"h","node_port":1,"node_lsn":"0/1","node_is_primary":true},{"node_id":2,"node_name":"b","node_host":"i","node_port":1,"node_lsn":"0/1","node_is_primary":true}]""",
        "more than one node is listed as the primary")]
    [InlineData(
        """[{"node_id":1,"node_name":"a","node_host":"h","node_port":1,"node_lsn":"0/1","node_is_primary":true},{"node_id":1,"node_name":"b","node_host":"h","node_port":1,"node_lsn":"0/1","node_is_primary":false}]""",
        "node 1 is listed more than once; h:1 is listed more than once")]
    public void What_is_no_list_is_told_with_all_that_is_wrong(string text, string problem)
    {
        var problems = new List<string>();
        NodesFile.Parse(text, problems);
        string.Join("; ", problems).ShouldContain(problem);
    }
}
