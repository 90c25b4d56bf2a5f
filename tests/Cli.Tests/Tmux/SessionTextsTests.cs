using PgAutoFailover.Cli.Tmux;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Tmux;

/// <summary>What is generated for a session: the script of tmux, and the definition of its containers.</summary>
public sealed class SessionTextsTests
{
    private static readonly SessionPlan s_plan = new(
        "/srv/s", 9000, SessionPlan.Plan(3, 1, 9000, [60, 0]), SyncStandbys: 0, SkipHba: false, "tiled", "/usr/bin/pg_autoctl");

    private static readonly SessionUser s_user = new("/bin", "");

    [Fact]
    public void The_last_nodes_are_asynchronous_and_the_last_priority_holds_for_the_rest() => s_plan.Nodes.ShouldBe(
    [
        new PlannedNode("node1", 9001, 60, IsSynchronous: true),
        new PlannedNode("node2", 9002, 0, IsSynchronous: true),
        new PlannedNode("node3", 9003, 0, IsSynchronous: false),
    ]);

    [Fact]
    public void A_session_has_a_pane_for_each_service_one_for_the_dashboard_and_a_shell()
    {
        var lines = TmuxScript.Of(s_plan, new SessionUser("/bin", "set -g mouse on\n\n")).Split('\n');

        lines.Count(l => l.StartsWith("new-session -d ", StringComparison.Ordinal)).ShouldBe(1);
        lines.Count(l => l.StartsWith("split-window ", StringComparison.Ordinal)).ShouldBe(5);
        lines.Count(l => l.EndsWith(" tiled", StringComparison.Ordinal)).ShouldBe(6);
        lines.ShouldContain("set -g mouse on");
        lines.ShouldContain("set-environment -t pgautofailover-9000 XDG_RUNTIME_DIR \"/srv/s/run\"");
        lines.ShouldContain("set-environment -t pgautofailover-9000 PG_AUTOCTL_MONITOR \"postgres://autoctl_node@localhost:9000/pg_auto_failover?sslmode=require\"");
        lines.ShouldContain(
            "send-keys -t pgautofailover-9000: 'PG_AUTOCTL_DEBUG=1 /usr/bin/pg_autoctl do tmux wait --root /srv/s --first-pgport 9000 node2 "
            + "&& /usr/bin/pg_autoctl create postgres --hostname localhost --ssl-self-signed --auth trust --pg-hba-lan --name node3 --dbname demo "
            + "--replication-quorum false --candidate-priority 0 --run' Enter");
        lines.ShouldContain(
            "send-keys -t pgautofailover-9000: 'PG_AUTOCTL_DEBUG=1 /usr/bin/pg_autoctl do tmux wait --root /srv/s --first-pgport 9000 --nodes 3 "
            + "&& /usr/bin/pg_autoctl set formation number-sync-standbys 0' Enter");
    }

    [Fact]
    public void What_tmux_would_read_in_PATH_is_escaped() =>
        TmuxScript.Of(s_plan, new SessionUser("/a\"b:/$c:/\\d", "")).ShouldContain(" PATH \"/a\\\"b:/\\$c:/\\\\d\"\n");

    [Fact]
    public void Nobody_edits_HBA_rules_where_they_are_skipped()
    {
        var skipping = s_plan with { SkipHba = true };

        TmuxScript.Of(skipping, s_user).ShouldNotContain("--auth");
        TmuxScript.Of(skipping, s_user).Split("--skip-pg-hba").Length.ShouldBe(5);
        ComposeFile.Of(skipping, null).Split("--skip-pg-hba").Length.ShouldBe(5);
    }

    [Fact]
    public void A_session_with_containers_shows_logs_and_dashboard()
    {
        var script = TmuxScript.OfContainers(s_plan, "docker compose", s_user);

        script.ShouldContain("'docker compose up --detach && docker compose logs --follow'");
        script.ShouldContain("docker compose exec monitor pg_autoctl set formation number-sync-standbys 0; do");
        script.ShouldNotContain("XDG");
    }

    [Fact]
    public void Containers_are_defined_with_their_volumes()
    {
        var plan = s_plan with { Nodes = SessionPlan.Plan(1, 1, 9000, [50]) };

        ComposeFile.Of(plan, "/home/me/a $dir").ShouldBe("""
            services:
              monitor:
                build: "/home/me/a $$dir"
                image: pg_auto_failover
                hostname: monitor
                volumes:
                  - monitor_data:/var/lib/postgres:rw
                environment:
                  PGDATA: /var/lib/postgres/pgaf
                expose:
                  - 5432
                command: pg_autoctl create monitor --hostname monitor --ssl-self-signed --auth trust --run
              node1:
                build: "/home/me/a $$dir"
                image: pg_auto_failover
                hostname: node1
                volumes:
                  - node1_data:/var/lib/postgres:rw
                environment:
                  PGDATA: /var/lib/postgres/pgaf
                  PGUSER: "demo"
                  PGDATABASE: "demo"
                  PG_AUTOCTL_MONITOR: "postgresql://autoctl_node@monitor/pg_auto_failover?sslmode=require"
                  PG_AUTOCTL_NODE_NAME: "node1"
                  PG_AUTOCTL_REPLICATION_QUORUM: "false"
                  PG_AUTOCTL_CANDIDATE_PRIORITY: 50
                expose:
                  - 5432
                command: pg_autoctl create postgres --ssl-self-signed --auth trust --pg-hba-lan --run

            volumes:
              monitor_data:
                external: true
                name: vol_monitor
              node1_data:
                external: true
                name: vol_node1

            """);
        ComposeFile.Of(plan, null).ShouldNotContain("build");
        ComposeFile.Volumes(plan).ShouldBe(["vol_monitor", "vol_node1"]);
    }
}
