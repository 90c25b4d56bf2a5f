using PgAutoFailover.Core.Transitions;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>From the name of a step to what it does.</summary>
internal static class StepRunner
{
    public static Task RunAsync(KeeperStep step, KeeperContext c, CancellationToken cancellationToken) => step switch
    {
        KeeperStep.InitPrimary => InitPrimary.RunAsync(c, cancellationToken),
        KeeperStep.EnsureRunning => Running.EnsureAsync(c, cancellationToken),
        KeeperStep.DisableSync => SynchronousReplication.DisableAsync(c, cancellationToken),
        KeeperStep.EnableSync => SynchronousReplication.EnableAsync(c, cancellationToken),
        KeeperStep.CheckpointAndStop => Stopping.CheckpointAndStopAsync(c, cancellationToken),
        KeeperStep.StopPostgres => Stopping.StopAsync(c, cancellationToken),
        KeeperStep.ResumePrimary => Resuming.ResumePrimaryAsync(c, cancellationToken),
        KeeperStep.StartAsPrimary => Resuming.StartAsPrimaryAsync(c, cancellationToken),
        KeeperStep.StopReceiving => Promotion.StopReceivingAsync(c, cancellationToken),
        KeeperStep.Promote => Promotion.PromoteAsync(c, cancellationToken),
        KeeperStep.InitStandby => InitStandby.RunAsync(c, cancellationToken),
        KeeperStep.RejoinStandby => RejoinStandby.RunAsync(c, cancellationToken),
        KeeperStep.CheckCaughtUp => CheckCaughtUp.RunAsync(c, cancellationToken),
        KeeperStep.DetachFromUpstream => c.Server.WriteStandbySettingsAsync(upstream: null, cancellationToken),
        KeeperStep.ReleaseControl => c.Server.ReleaseAsync(cancellationToken),
        KeeperStep.ReportLsn => Election.ReportLsnAsync(c, cancellationToken),
        KeeperStep.FastForward => Election.FastForwardAsync(c, cancellationToken),
        KeeperStep.FinishFastForward => Promotion.StopReceivingAsync(c, cancellationToken),
        KeeperStep.InitFromStandby => Election.InitFromStandbyAsync(c, cancellationToken),
        KeeperStep.Drop => Stopping.DropAsync(c, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "a step that the keeper does not know"),
    };
}
