using PgAutoFailover.Keeper.Hooks;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Hooks;

public sealed class HookCommandTests
{
    [Theory]
    [InlineData("/usr/local/bin/move-ip", "/usr/local/bin/move-ip")]
    [InlineData("  notify \t --channel  db ", "notify|--channel|db")]
    [InlineData("sh -c 'echo \"$PGDATA\" | mail -s \"it moved\" dba'", "sh|-c|echo \"$PGDATA\" | mail -s \"it moved\" dba")]
    [InlineData("a \"b 'c' \\\" d\" e\\ f", "a|b 'c' \" d|e f")]
    [InlineData("a '' \"\" b''c", "a|||bc")]
    [InlineData("a 'b\\n' $HOME *.txt", "a|b\\n|$HOME|*.txt")]
    public void Words_are_split_as_a_shell_would_and_nothing_else_is_done_to_them(string line, string words)
    {
        var command = HookCommand.Parse(line);
        string.Join('|', [command.Program, .. command.Arguments]).ShouldBe(words);
    }

    [Theory]
    [InlineData("   ", "expected a program")]
    [InlineData("sh -c 'echo", "quote (') is not closed")]
    [InlineData("sh \"", "quote (\") is not closed")]
    [InlineData("sh \\", "ends with a backslash")]
    public void What_cannot_be_split_says_why(string line, string why) =>
        Should.Throw<FormatException>(() => HookCommand.Parse(line)).Message.ShouldContain(why);
}
