using System.Collections.Immutable;
using DuckMesh.Alerting;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Alerts;
using DuckMesh.Node.Http.Gathering;
using DuckMesh.Node.Http.Items;
using DuckMesh.Node.Http.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DuckMesh.Node.Http;

/// <summary><c>/api/v1/rules</c>: the rules and how the fleet stands with each.</summary>
internal static class RulesEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/v1/rules", List)
        .AddEndpointFilter(new KnownParameters([]))
        .WithName("listRules").WithSummary("Rules").WithDescription("Each rule, and how many databases or hosts are pending, firing or can't be judged.").WithTags("alerts");

    public static void AddQuestions(IServiceCollection services) => services.AddNodeQuestion<AllRules, Page<RuleItem>>("rules", provider => async (_, cancellation) =>
    {
        var snapshot = await provider.GetRequiredService<Fleet>().SnapshotAsync(cancellation);
        var (settings, status, time) = (provider.GetRequiredService<MonitorSettings>(), provider.GetRequiredService<NodeStatus>(), provider.GetRequiredService<TimeProvider>());
        var own = NodeAlerts.Of(settings.Host, status, time.GetUtcNow()).ToList();
        return new Page<RuleItem>(
            [
                .. settings.Rules.Rules.Select(r => Of(r, snapshot.Databases)),
                .. HostRules.BuiltIn.Rules.Select(r => Of(r, snapshot.Hosts)),
                new RuleItem(NodeRules.JournalDown, own.Count(a => a.State == EpisodeState.Pending), own.Count(a => a.State == EpisodeState.Firing), 0),
            ],
            Next: null,
            Missing: []);
    });

    /// <summary>This node's rules, with the counts of all nodes.</summary>
    private static async Task<Ok<Page<RuleItem>>> List(NodeQuestion<AllRules, Page<RuleItem>> nodes, CancellationToken cancellation)
    {
        var gathered = await nodes.AskAsync(default, cancellation);
        var rules = gathered.Answers[0].Items.Select(own => own with
        {
            Pending = gathered.Answers.Sum(a => a.Items.FirstOrDefault(r => r.Name == own.Name)?.Pending ?? 0),
            Firing = gathered.Answers.Sum(a => a.Items.FirstOrDefault(r => r.Name == own.Name)?.Firing ?? 0),
            NoData = gathered.Answers.Sum(a => a.Items.FirstOrDefault(r => r.Name == own.Name)?.NoData ?? 0),
        });
        return TypedResults.Ok(new Page<RuleItem>([.. rules], Next: null, gathered.MissingNames));
    }

    private static RuleItem Of(Rule rule, ImmutableArray<DatabaseView> views) => new(
        rule, views.Count(v => Is(v, rule, EpisodeState.Pending)), views.Count(v => Is(v, rule, EpisodeState.Firing)), views.Count(v => v.NoData.Contains(rule.Name) || Is(v, rule, EpisodeState.NoData)));

    private static bool Is(DatabaseView view, Rule rule, EpisodeState state)
    {
        foreach (var episode in view.Episodes)
        {
            if (episode.State == state && episode.Rule == rule.Name) return true;
        }

        return false;
    }
}
