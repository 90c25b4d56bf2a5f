using PgAutoFailover.Harness.Promoters;

namespace PgAutoFailover.Promoter.Tests.Servers;

/// <summary>A test with real servers, each with the promoter loaded.</summary>
public abstract class ServerTest : IAsyncLifetime
{
    protected const int SigHup = 1;
    protected const int SigKill = 9;
    protected const int SigCont = 18;
    protected const int SigStop = 19;

    private PromoterBench? _bench;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected PromoterBench Bench => _bench ?? throw new InvalidOperationException("the test has not begun");

    public async ValueTask InitializeAsync() => _bench = await PromoterBench.CreateAsync(Token);

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

        GC.SuppressFinalize(this);
    }

    protected static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    /// <summary>It goes on looking for a while, finds what is asked for at each look, and does not promote.</summary>
    protected static async Task ShouldStayStandbyAsync(PromoterServer standby, string what, Func<PromoterStatus, bool> at)
    {
        ArgumentNullException.ThrowIfNull(standby);
        await standby.UntilAsync(what, at, Token);
        var first = await standby.StatusAsync(Token);
        await standby.UntilAsync("it has looked five times more", s => s.Looks >= first.Looks + 5, Token);
        var last = await standby.StatusAsync(Token);
        last.InRecovery.ShouldBeTrue();
        at(last).ShouldBeTrue($"{what}: {last}");
    }
}
