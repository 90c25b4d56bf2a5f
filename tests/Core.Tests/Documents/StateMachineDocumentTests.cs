using System.Runtime.CompilerServices;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Core.Tests.Documents;

public class StateMachineDocumentTests
{
    /// <summary>With UPDATE_DOCS=1 in the environment the document is written instead.</summary>
    [Fact]
    public void The_checked_in_document_says_what_the_tables_say()
    {
        var path = Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", "docs", "state-machine.md"));
        var expected = StateMachineDocument.Write();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        File.ReadAllText(path).ShouldBe(expected, "run ./build.sh docs");
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
