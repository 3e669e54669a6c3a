using NotebookRunner.Host;

namespace NotebookRunner.Tests.Host;

public sealed class WorkerDeathTests
{
    [Theory]
    [InlineData(134, "Stack overflow.\n   at Submission#0.F()", "StackOverflowException")]
    [InlineData(137, "", "ProcessKilled")]
    [InlineData(143, "", "ProcessKilled")]
    [InlineData(139, "", "AccessViolationException")]
    [InlineData(134, "Out of memory.", "OutOfMemoryException")]
    [InlineData(134, "Process terminated. gone", "ProcessAborted")]
    [InlineData(5, "", "ProcessExited")]
    public void Says_what_ended_the_process(int exitCode, string stray, string name) =>
        Assert.Equal(name, WorkerDeath.Explain(exitCode, stray, inCell: true).Name);

    [Fact]
    public void Quotes_the_runtimes_own_words()
    {
        var error = WorkerDeath.Explain(134, "noise\nUnhandled exception. System.Exception: from a thread\n   at X()\n", inCell: true);

        Assert.Contains("Unhandled exception. System.Exception: from a thread", error.Message);
    }

    [Fact]
    public void Does_not_blame_a_cell_when_none_ran() =>
        Assert.Contains("while no cell ran", WorkerDeath.Explain(1, "", inCell: false).Message);
}
