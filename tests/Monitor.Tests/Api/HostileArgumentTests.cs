using Npgsql;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Api;

/// <summary>
/// Every function of the catalog with arguments that somebody who has the password of nodes might try: each ends in an answer or in one error,
/// and the monitor, its tables and its other sessions go on.
/// </summary>
public sealed class HostileArgumentTests(ThrowawayPostgres postgres)
{
    private const string Functions =
        """
        select p.proname, array(select format_type(t, null) from unnest(p.proargtypes) with ordinality as a (t, n) order by n)
          from pg_proc as p
         where p.pronamespace = 'pgautofailover'::regnamespace and p.prorettype <> 'trigger'::regtype
         order by p.oid::regprocedure::text
        """;

    // What a call may be refused with. Not among them: an internal error, a lost connection, an outcome that nobody knows.
    private static readonly string[] s_refusals =
        ["22001", "22003", "2201W", "22004", "22021", "22023", "22P02", "22P03", "22P05", "23503", "23505", "23514", "42704", "42725", "42P17", "54000", "55000", "55006", "P0001"];

    private static readonly string[] s_withoutState = ["couldn't find", "has no group", "node_id must not be null"];

    private static readonly string[] s_texts =
    [
        "", "'", "\"", "\\'; --", "'); drop table pgautofailover.event; --", "$$", "%s%n%L%I", "{\"fn\":\"ping\"}",
        "a\nhost all all 0.0.0.0/0 trust", "\u0001\u0007\u001b[2J", "\ud83d\ude00", "host=/tmp dbname=postgres", "$(id)", "all", "0.0.0.0/0",
        new string('x', 256), new string('\u00e4', 70_000), new string('\'', 1_000_000),
    ];

    private static readonly string[] s_jsons =
    [
        "null", "[]", "1", "\"x\"", """{"keeper":null}""", """{"keeper":[],"walreceiver":7}""", """{"walreceiver":{"streaming":"yes","upstream":{},"last_message_age_ms":-1e308}}""",
        """{"synchronous_standby_names":{"a":["b"]}}""", $$"""{"keeper":"{{new string('k', 1_000_000)}}"}""", new string('[', 900) + new string(']', 900),
    ];

    [Fact]
    public async Task No_argument_breaks_out_or_breaks_the_monitor()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, secondary) = await monitor.PairAsync();
        await primary.Session.RowsAsync("select pgautofailover.create_formation('playground', 'pgsql', 'postgres', true, 0)");
        var before = await PairAsync(primary.Session);
        var functions = await FunctionsAsync(primary.Session);
        var calls = functions.SelectMany(f => Variations(f.Types).Select(arguments => (f.Name, f.Types, arguments))).ToList();
        calls.Count.ShouldBeGreaterThan(500, "the functions of the catalog");

        await using var session = await monitor.ConnectAsync();
        var surprises = new List<string>();
        foreach (var (name, types, arguments) in calls)
        {
            if (await CallAsync(session, name, types, arguments) is { } error && !IsClear(error))
            {
                surprises.Add($"{error.SqlState} {error.MessageText} {error.Detail}: {name}({string.Join(", ", arguments.Select(Shown))})");
            }
        }

        surprises.ShouldBeEmpty();
        (await PairAsync(primary.Session)).ShouldBe(before);
        (await primary.ReportAsync("primary")).ShouldBe("primary");
        (await secondary.ReportAsync("secondary", evidence: RunningMonitor.Streaming(primary))).ShouldBe("secondary");
        (await primary.Session.RowsAsync("select count(*) from pgautofailover.node where nodehost !~ '^[[:alnum:]._:-]+$' or nodename ~ '[[:cntrl:]]' or length(nodename) > 255")).ShouldBe(["0"]);
        (await FunctionsAsync(primary.Session)).Select(f => f.Name).ShouldBe(functions.Select(f => f.Name));
    }

    [Theory]
    [InlineData("E'\\xff'")]
    [InlineData("E'a\\xc3('")]
    [InlineData("E'\\000'")]
    public async Task Bytes_that_are_no_text_do_not_arrive(string literal)
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        await using var session = await monitor.ConnectAsync();
        await session.ExecuteAsync("set client_encoding to sql_ascii");

        (await session.ErrorAsync($"select pgautofailover.perform_promotion({literal}, 'a')")).SqlState.ShouldBe("22021");
        (await session.RowsAsync("select formationid from pgautofailover.formation")).ShouldBe(["default"]);
    }

    /// <summary>Arguments that do no harm, with one of them replaced by each hostile value of its type.</summary>
    private static IEnumerable<object?[]> Variations(string[] types)
    {
        object?[] harmless = [.. types.Select(Harmless)];
        yield return harmless;
        for (var i = 0; i < types.Length; i++)
        {
            foreach (var value in Hostile(types[i]))
            {
                var arguments = harmless.ToArray();
                arguments[i] = value;
                yield return arguments;
            }
        }
    }

    private static object Harmless(string type) => type switch
    {
        "text" or "name" => "playground",
        "jsonb" => """{"keeper":"test"}""",
        "pg_lsn" => "0/0",
        "boolean" => "true",
        "pgautofailover.replication_state" => "init",
        _ => "77",
    };

    private static IEnumerable<object?> Hostile(string type) => type switch
    {
        "text" or "name" => s_texts.Append(null),
        "jsonb" => s_jsons.Append(null),
        "pg_lsn" => ["FFFFFFFF/FFFFFFFF", "0/0'", null],
        "boolean" => ["false", "maybe", null],
        "pgautofailover.replication_state" => ["primary", "dropped", "unknown", "no such state", null],
        "integer" => ["-2147483648", "-1", "0", "2147483647", "99999999999", null],
        _ => ["-9223372036854775808", "-1", "0", "9223372036854775807", "1e99", null],
    };

    private static async Task<PostgresException?> CallAsync(NpgsqlConnection session, string name, string[] types, object?[] arguments)
    {
        if (session.FullState != System.Data.ConnectionState.Open)
        {
            await session.CloseAsync();
            await session.OpenAsync(TestContext.Current.CancellationToken);
        }

        var list = string.Join(", ", types.Select((t, i) => $"cast(cast(${i + 1} as text) as {t})"));
        await using var command = new NpgsqlCommand($"select * from pgautofailover.{name}({list})", session) { AllResultTypesAreUnknown = true };
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = argument ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        }

        try
        {
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                // Whatever it answers.
            }

            return null;
        }
        catch (PostgresException error)
        {
            return error;
        }
    }

    // 2.0 gives these refusals no SQLSTATE of their own.
    private static bool IsClear(PostgresException error) =>
        error.MessageText.Length is > 0 and < 2_000
        && (s_refusals.Contains(error.SqlState)
            || (error.SqlState == "XX000" && s_withoutState.Any(text => error.MessageText.Contains(text, StringComparison.Ordinal))));

    private static string Shown(object? argument) => argument is string { Length: > 40 } text ? text[..40] + "..." : argument?.ToString() ?? "null";

    private static async Task<List<(string Name, string[] Types)>> FunctionsAsync(NpgsqlConnection session)
    {
        var functions = new List<(string, string[])>();
        await using var command = new NpgsqlCommand(Functions, session);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            functions.Add((reader.GetString(0), await reader.GetFieldValueAsync<string[]>(1, TestContext.Current.CancellationToken)));
        }

        return functions;
    }

    private static Task<List<string>> PairAsync(NpgsqlConnection session) => session.RowsAsync(
        """
        select formationid, kind, dbname, opt_secondary, number_sync_standbys, nodeid, nodename, nodehost, nodeport, sysidentifier,
               reportedstate, goalstate, candidatepriority, replicationquorum
          from pgautofailover.formation left join pgautofailover.node using (formationid) where formationid = 'default' order by nodeid
        """);
}
