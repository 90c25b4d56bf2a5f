using System.Text.Json;
using PgAutoFailover.Core.Messages;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Core.Tests.Messages;

public sealed class HookQuestionTests
{
    private const string Target = """{"id":2,"name":"node 2","host":"h2","port":5432,"client_host":"db.example","client_port":6432}""";

    [Theory]
    [InlineData("failover", Target, true)]
    [InlineData("start_maintenance", "null", true)]
    [InlineData("failover\\nLD_PRELOAD=x", Target, false)]
    [InlineData("promotion", """{"id":2,"name":"a\u001b[2J","host":"h2","port":5432}""", false)]
    [InlineData("promotion", """{"id":2,"name":"a","host":"h2; reboot","port":5432}""", false)]
    [InlineData("promotion", """{"id":2,"name":"a","host":"h2","port":0}""", false)]
    [InlineData("promotion", """{"id":2,"name":"a","host":"h2","port":1,"client_host":"$(reboot)"}""", false)]
    public void One_that_no_monitor_sends_is_told_by_its_values(string operation, string node, bool isPlausible)
    {
        foreach (var role in new[] { "target", "primary" })
        {
            var question = JsonSerializer.Deserialize($$"""{"id":1,"nodes":[1],"operation":"{{operation}}","{{role}}":{{node}}}""", HookQuestionJson.Default.HookQuestion);

            question.ShouldNotBeNull().IsPlausible.ShouldBe(isPlausible);
        }
    }

    [Theory]
    [InlineData("""{"id":1,"nodes":null,"operation":"failover"}""")]
    [InlineData("""{"id":1,"nodes":[1],"operation":null}""")]
    [InlineData("""{"id":1,"nodes":[1],"operation":"failover","target":{"id":1,"name":null,"host":"h","port":1}}""")]
    public void What_has_a_null_where_a_value_belongs_is_no_question(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(json, HookQuestionJson.Default.HookQuestion));
}
