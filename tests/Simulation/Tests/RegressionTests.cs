using PgAutoFailover.Simulation.Commands;
using PgAutoFailover.Simulation.Stories;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Simulation.Tests;

/// <summary>
/// Seeds that have found something, each with what it was. As the simulator changes a seed may come to tell another story; it costs
/// nothing to go on asking.
/// </summary>
public sealed class RegressionTests
{
    [Theory]
    [InlineData(11, "a new standby was never let in: the upkeep that wrote its HBA rule had to make way, and was not repeated")]
    [InlineData(1056, "the row of a dropped node stayed for ever: its keeper left with a report that was not counted, in a session that had not been told its goal")]
    [InlineData(1141, "a single node whose PostgreSQL was down never became wait_primary, and nothing started it")]
    [InlineData(1285, "PostgreSQL stayed down: a start that was called off had ended the restarts that were under way, and nobody was told")]
    [InlineData(1509, "the same")]
    [InlineData(2260, "the same")]
    [InlineData(104, "the word of a node whose service had dropped it meanwhile was waited for")]
    [InlineData(1434, "the monitor's host lost power, and a keeper that listened to it did not notice")]
    [InlineData(11473, "the last node of a group came out of maintenance when its primary had been removed, and stayed as it was")]
    [InlineData(11677, "a standby whose PostgreSQL died for good while it caught up waited for ever")]
    [InlineData(11888, "a keeper that missed a notification followed a node that was no primary any more")]
    [InlineData(12896, "writes of a group that was asynchronous when its primary was dropped: nothing that was promised")]
    [InlineData(38518, "a node could not leave maintenance to take part in the election that what was left of its group needed it for")]
    [InlineData(41180, "a primary whose PostgreSQL died for good before its position was known waited for ever")]
    [InlineData(1626, "a primary without a quorum was kept going by standbys while the lease that it has without them was said to be over")]
    [InlineData(20876, "an elected standby fetched from a node that another rule did not mean, again and again; and a node in an election kept no slots")]
    [InlineData(100992, "a standby on its way into maintenance, whose keeper was away while the primary did without any, never got there")]
    [InlineData(102748, "a node that joined an election without data waited for a copy of nobody after the election was over")]
    [InlineData(104835, "a node without whole data was to report its position for an election that was over")]
    [InlineData(106096, "a standby whose rewrite was called off in between, with its goal reached before, never carried it on")]
    [InlineData(110303, "a standby that had taken its upstream away for an election that was over followed nobody")]
    [InlineData(456, "a standby that had just reported its position, for an election that was over, could not go into maintenance")]
    [InlineData(113451, "a node that came to a group in which the others only waited to copy somebody was refused for ever")]
    [InlineData(219346, "a node that was to copy a primary that was then removed kept every new node out")]
    [InlineData(233101, "an old primary never took its place again after the only candidate was removed by force in the middle of a promotion")]
    [InlineData(245805, "two nodes in maintenance, whose primary was then removed, could never be taken out of it")]
    [InlineData(303163, "a keeper whose session the monitor took for one of the past reported in it for ever")]
    [InlineData(403622, "a standby that had taken its upstream away, and could not write its state for a full disk, followed nobody for ever")]
    [InlineData(409825, "a base backup of a cluster that was removed was started as a standby of another one")]
    [InlineData(426775, "an old primary, whose successor was removed, was not asked to take over from nodes that may not lead")]
    [InlineData(431634, "an old primary, whose successor was removed while the only other node was in maintenance, was left demoted for ever")]
    [InlineData(444837, "a node that was to follow who had been elected was not let lead when all the others had been removed")]
    [InlineData(455874, "a node that held acknowledged writes could be dropped without force while the elected one fetched them from it")]
    [InlineData(486956, "the same, with the source dropped whole: nobody held everything any more, and the group waited for ever")]
    [InlineData(497888, "a node could not be taken out of maintenance where the other one only waited to copy somebody")]
    [InlineData(498439, "a candidate that had to be rewound was given up after a second, in the middle of that, although nobody else could lead")]
    [InlineData(509918, "a standby that was removed by force in an election made it forget whom the old primary could acknowledge with")]
    [InlineData(800334, "a candidate was promoted with less than what was acknowledged, as the node that it was to fetch from died and another had less to give")]
    [InlineData(803467, "a standby whose change of upstream was called off before it was written took it for done, and followed the old one for ever")]
    [InlineData(16797, "an asynchronous primary that had been dropped was waited for when a node of the quorum had joined afterwards")]
    [InlineData(23071, "a node that was dropped while it was created, and whose creation went on, was registered already for ever")]
    [InlineData(1001608, "a node that had not seen a timeline began another one of its number, and one that had seen it followed that")]
    [InlineData(1095044, "a node began to lead beside the last one of its group, which was being dropped and had not heard of it")]
    [InlineData(6012474, "a standby received more from its upstream of before, after its position was compared with a new one's, and never followed that")]
    [InlineData(6038482, "the simulator let a node that an operator had removed by force acknowledge for a primary that was cut off")]
    [InlineData(5083158, "an old primary with priority 0, told to serve again and not heard of since, was to report its position when the other node was removed")]
    [InlineData(816771, "the simulator took a primary of before for the one that was replaced, and its successor for a standby in the quorum")]
    [InlineData(4531, "the simulator held a lease that no keeper had kept against settings that came later")]
    [InlineData(1062184, "the simulator counted what a primary that was cut off acknowledged with a standby that had been removed by force")]
    [InlineData(469045, "the simulator held against an election what a dropped primary acknowledged with a standby that had been given up")]
    [InlineData(418116, "the simulator took a connection that had ended with a promotion for one that received")]
    public void A_seed_that_has_found_something_finds_nothing_any_more(int seed, string what)
    {
        var result = SeedRun.RunOne((ulong)seed, new Story(isTold: false));

        result.Violation.ShouldBeNull(what);
    }
}
