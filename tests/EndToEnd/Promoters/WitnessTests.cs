using System.Net.Sockets;
using PgAutoFailover.Harness.Networks;
using PgAutoFailover.Harness.Promoters;

namespace PgAutoFailover.EndToEnd.Promoters;

/// <summary>A primary, a standby and a witness, each on a host of its own: what a partition looks like from each.</summary>
public sealed class WitnessTests : IAsyncLifetime
{
    private PromoterBench? _bench;
    private NamespaceNetwork? _network;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_bench is { } bench)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(bench.Describe());
            }

            await bench.DisposeAsync();
        }

        if (_network is { } network)
        {
            await network.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_standby_is_promoted_only_when_the_witness_agrees_that_the_primary_is_gone()
    {
        Assert.SkipWhen(NamespaceNetwork.Unavailable is not null, NamespaceNetwork.Unavailable ?? "");
        NamespaceNetwork network = _network = await NamespaceNetwork.CreateAsync(2, AddressFamily.InterNetwork, Token);
        PromoterBench bench = _bench = await PromoterBench.CreateAsync(Token);
        TestHost here = network.Node(2), there = network.Node(1);
        PromoterServer primary = await bench.AddPrimaryAsync("primary", Token, there);
        PromoterServer witness = await bench.AddPrimaryAsync("witness", Token, network.Monitor);
        PromoterServer standby = await bench.PrepareStandbyAsync("standby", primary, Token, here);
        standby.SetForNextStart(
            ("pg_promoter.keepalive_count", "2"), ("pg_promoter.connect_timeout", "1s"), ("pg_promoter.statement_timeout", "1s"),
            ("pg_promoter.witnesses", $"{witness.Host.Address}:{witness.Port}"));
        await standby.StartAsync(Token);
        await standby.UntilAsync("the witness sees the primary", s => s.HasContact && s.Witnesses.Contains("sees the primary", StringComparison.Ordinal), Token);

        // Only the two of them cannot reach each other.
        await NamespaceNetwork.CutAsync(here, there, Token);
        await ShouldHoldAsync(standby, "sees the primary (rule 330)");
        await NamespaceNetwork.MendAsync(here, there, Token);
        await InContactAsync(standby);

        // The standby reaches nobody.
        await network.UnplugAsync(here, Token);
        await ShouldHoldAsync(standby, "0 witnesses agree that the primary is gone, and 1 must (rule 340)");
        await network.PlugInAsync(here, Token);
        await InContactAsync(standby);

        // The primary reaches nobody.
        await network.UnplugAsync(there, Token);
        await standby.UntilAsync("it is promoted", s => !s.InRecovery, Token);
        standby.Log.ShouldContain("agrees that the primary is gone");
    }

    private static async Task ShouldHoldAsync(PromoterServer standby, string why)
    {
        await standby.UntilAsync(why, s => s.NextAction.Contains(why, StringComparison.Ordinal), Token);
        PromoterStatus first = await standby.StatusAsync(Token);
        await standby.UntilAsync("it has looked five times more", s => s.Looks >= first.Looks + 5, Token);
        PromoterStatus last = await standby.StatusAsync(Token);
        last.InRecovery.ShouldBeTrue();
        last.NextAction.ShouldContain(why);
    }

    private static Task InContactAsync(PromoterServer standby) =>
        standby.UntilAsync("it is in contact", s => s is { InRecovery: true, Failures: 0 } && s.NextAction.Contains("rule 200", StringComparison.Ordinal), Token);
}
