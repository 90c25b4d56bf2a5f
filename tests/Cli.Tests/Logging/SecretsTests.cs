using PgAutoFailover.Cli.Logging;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Logging;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("at postgres://me:pw@h:1/d?sslmode=prefer.", "at postgres://me:****@h:1/d?sslmode=prefer.")]
    [InlineData("postgresql://me:p%40w@h/d and postgres://you:x@g/e", "postgresql://me:****@h/d and postgres://you:****@g/e")]
    [InlineData("postgres://me:a@b:c@h/d", "postgres://me:****@h/d")]
    [InlineData("postgres://me@h:1/d?password=pw&sslmode=prefer", "postgres://me@h:1/d?password=****&sslmode=prefer")]
    [InlineData("host=h password=pw user=me", "host=h password=**** user=me")]
    [InlineData("host=h password='p w' user=me", "host=h password=**** user=me")]
    [InlineData("connection string \"postgres://me:p/w?x y@h/d\": bad", "connection string \"postgres://me:****@h/d\": bad")]
    [InlineData("--monitor postgres://me:p/w?x@h/d", "--monitor postgres://me:****@h/d")]
    [InlineData("postgres://me@h:5432/d", "postgres://me@h:5432/d")]
    [InlineData("host \"h:1\" has no password", "host \"h:1\" has no password")]
    public void Passwords_are_masked_and_nothing_else(string text, string masked) => Secrets.Mask(text).ShouldBe(masked);

    [Theory]
    [InlineData("postgres://me:pw@h:1/d?sslmode=prefer", "postgres://me:**@h:1/d?sslmode=prefer")]
    [InlineData("--monitor=postgres://me:gr\u00fc\u00df@h/d", "--monitor=postgres://me:******@h/d")]
    [InlineData("postgres://h/d?password=secret&sslmode=prefer", "postgres://h/d?password=******&sslmode=prefer")]
    [InlineData("/usr/bin/pg_autoctl", "/usr/bin/pg_autoctl")]
    public void Passwords_are_covered_in_place(string text, string covered) => Secrets.Cover(text).ShouldBe(covered);
}
