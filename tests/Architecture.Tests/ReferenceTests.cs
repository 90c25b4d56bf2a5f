using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Architecture.Tests;

/// <summary>
/// Which project may know which. Monitor and Keeper never meet: what they share is an idea of Core, or goes over the wire. Whoever adds an
/// arrow changes this list, and says why in docs/decisions.
/// </summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core"] = [],
        ["Protocol"] = [],
        ["Postgres"] = ["Core"],
        ["Monitor"] = ["Core", "Protocol", "Postgres"],
        ["Keeper"] = ["Core", "Postgres"],
        ["Promoter"] = ["Core", "Postgres"],
        ["Cli"] = ["Core", "Protocol", "Postgres", "Monitor", "Keeper"],
    };

    public static TheoryData<string> ProjectsOfTheProduct => [.. Repository.Projects("src").Select(Repository.Name)];

    [Theory]
    [MemberData(nameof(ProjectsOfTheProduct))]
    public void A_project_references_only_what_the_design_lets_it_know(string project)
    {
        var allowed = Allowed.GetValueOrDefault(FolderOf(project));

        allowed.ShouldNotBeNull($"{project} is not in the list of projects");
        References(project).Except(allowed).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Core")]
    [InlineData("Protocol")]
    public void A_project_that_does_no_work_outside_itself_references_no_package(string folder)
    {
        var project = Repository.Projects($"src/{folder}").Select(Repository.Name).Single();

        Includes(project, "PackageReference").ShouldBeEmpty();
        Includes(project, "FrameworkReference").ShouldBeEmpty();
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_place()
    {
        var projects = Repository.Projects("src").Concat(Repository.Projects("tests")).Select(Repository.Name);

        projects.Where(project => Load(project).Descendants("PackageReference").Any(reference => reference.Attribute("Version") is not null))
            .ShouldBeEmpty();
    }

    private static IEnumerable<string> References(string project) => Includes(project, "ProjectReference").Select(FolderOf);

    private static IEnumerable<string> Includes(string project, string element) =>
        Load(project).Descendants(element).Select(reference => reference.Attribute("Include")?.Value ?? string.Empty);

    private static XDocument Load(string project) => XDocument.Load(Path.Combine(Repository.Root, project));

    private static string FolderOf(string project) => project.Split('/')[^2];
}
