using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;

namespace PgAutoFailover.Core.Tests.Model;

/// <summary>Visits every state of <see cref="GroupModel"/> that can be reached with a bounded number of faults, writes and operator commands, breadth first.</summary>
public sealed class GroupSearch
{
    private readonly Dictionary<GroupModel, (GroupModel From, string Step)> _seen = [];

    public int States => _seen.Count;

    /// <summary>Ids of all rules that assigned something on the way.</summary>
    public SortedSet<int> Fired { get; } = [];

    /// <summary>All states reached.</summary>
    public IEnumerable<GroupModel> Reached => _seen.Keys;

    /// <summary>Runs the search; <paramref name="check"/> is called for each state and <paramref name="observe"/> for each decision.</summary>
    public void Run(GroupModel start, Action<GroupModel> check, Action<GroupView, Decision>? observe = null)
    {
        var queue = new Queue<GroupModel>([start]);
        _seen[start] = (start, "start");
        while (queue.TryDequeue(out var model))
        {
            try
            {
                check(model);
                foreach (var (name, next) in model.Steps(Observe))
                {
                    if (_seen.TryAdd(next, (model, name)))
                    {
                        queue.Enqueue(next);
                    }
                }
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{e.Message}\nafter: {Story(model)}", e);
            }
        }

        void Observe(GroupView view, Decision decision)
        {
            Fired.Add(decision.RuleId);
            observe?.Invoke(view, decision);
        }
    }

    /// <summary>The steps that led to a state.</summary>
    public string Story(GroupModel model)
    {
        var steps = new List<string>();
        while (_seen[model] is var (from, step) && from != model)
        {
            steps.Add($"{step,-22} -> {string.Join("; ", Enumerable.Range(0, model.Count).Select(i => model[i].ToString()))} acknowledged {model.Acknowledged:b} terms {model.Terms.ReplaceLineEndings(", ")}");
            model = from;
        }

        steps.Reverse();
        return string.Join("\n", steps.Prepend(""));
    }
}
