using System.Text;
using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Operations;

/// <summary>Another version of the program: the same one, which says that it is another.</summary>
public sealed class UpgradeTests : OwnClusterTest
{
    [Fact]
    public async Task A_version_that_is_installed_is_taken_up_when_the_monitor_runs_it_and_postgresql_goes_on()
    {
        await PrepareAsync(new ClusterOptions());
        string program = await InstallAsync("own", Version.Own), newer = await InstallAsync("newer", Version.Other);
        TestNode monitor = Cluster.Monitor, node = Cluster.Nodes[0], other = Cluster.Nodes[1];
        (node.Program, other.Program) = (program, program);
        await Cluster.CreateMonitorAsync(Token);
        await Cluster.CreateNodeAsync(node, Token);
        await Cluster.CreateNodeAsync(other, Token);
        await Cluster.UntilSteadyAsync(Token);
        (int? Autoctl, int? Postmaster)[] before = [(node.AutoctlPid, node.PostmasterPid), (other.AutoctlPid, other.PostmasterPid)];

        // A keeper of the version before goes on, and says so.
        (await monitor.AutoctlAsync(["stop"], Token)).Succeeded();
        await monitor.WaitForExitAsync(Token);
        monitor.Program = newer;
        monitor.Run();
        foreach (TestNode each in Cluster.Nodes)
        {
            await Cluster.UntilAsync("the keeper knows of the other version", () => File.ReadAllText(each.LogFile).Contains("this keeper works on", StringComparison.Ordinal), Token);
        }

        await Cluster.UntilSteadyAsync(Token);

        // As a package is installed: another file in the place of the one that runs.
        File.Move(newer, program, overwrite: true);
        foreach (TestNode each in Cluster.Nodes)
        {
            await Cluster.UntilAsync("the new version goes on", () => File.ReadAllText(each.LogFile).Contains("PostgreSQL is not stopped", StringComparison.Ordinal), Token);
        }

        await Cluster.UntilAsync(
            "both services are back in touch", s => s.IsSteady(2) && Cluster.Nodes.All(n => File.ReadAllText(n.LogFile).Split("service is running, current state").Length > 2), Token);
        new[] { (node.AutoctlPid, node.PostmasterPid), (other.AutoctlPid, other.PostmasterPid) }.ShouldBe(before);

        // Its child from before: the end of that is seen, too.
        int? dead = other.PostmasterPid;
        other.KillPostmaster();
        await Cluster.UntilAsync("PostgreSQL is started again", () => other.PostmasterPid is { } pid && pid != dead, Token);
        Directory.Exists($"/proc/{dead}").ShouldBeFalse();
        await Cluster.UntilSteadyAsync(Token);
    }

    private async Task<string> InstallAsync(string place, Version version)
    {
        // The version stands in the executable as text, followed by what identifies the build.
        byte[] program = await File.ReadAllBytesAsync(Binaries.PgAutoctl, Token);
        if (version == Version.Other)
        {
            byte[] mark = Encoding.UTF8.GetBytes((await Cluster.Monitor.AutoctlRawAsync(["--version"], Token)).Succeeded().Output.Split([' ', '\n'])[2] + "+");
            int found = 0;
            for (int at = program.AsSpan().IndexOf(mark); at >= 0; at = Next(program, mark, at))
            {
                program[at + mark.Length - 2] = (byte)'x';
                found++;
            }

            found.ShouldBeGreaterThan(0);
        }

        string path = Path.Combine(Directory.CreateDirectory(Cluster.Files.Under(place)).FullName, "pg_autoctl");
        await File.WriteAllBytesAsync(path, program, Token);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    private static int Next(byte[] program, byte[] mark, int at)
    {
        int more = program.AsSpan(at + mark.Length).IndexOf(mark);
        return more < 0 ? -1 : at + mark.Length + more;
    }

    private enum Version
    {
        Own,
        Other,
    }
}
