using System.Text.Json.Nodes;
using PgAutoFailover.Cli.Output;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Output;

public sealed class PrettyJsonTests
{
    [Fact]
    public void Objects_have_four_spaces_and_escaped_slashes() => PrettyJson.Format(new JsonObject
    {
        ["config"] = "/srv/pgaf",
        ["group"] = 0,
        ["active"] = true,
        ["nothing"] = null,
        ["list"] = new JsonArray(1, new JsonObject { ["a"] = "\"q\" ä" }),
        ["empty"] = new JsonObject(),
    })
    .ShouldBe("""
        {
            "config": "\/srv\/pgaf",
            "group": 0,
            "active": true,
            "nothing": null,
            "list": [
                1,
                {
                    "a": "\"q\" ä"
                }
            ],
            "empty": {}
        }
        """);
}
