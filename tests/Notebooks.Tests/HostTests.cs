using System.Text.RegularExpressions;

namespace Notebooks.Tests;

/// <summary>The lessons show the same in the released kernel through Jupyter, in dotnet-repl and in our runner.</summary>
public sealed partial class HostTests(QuickRun ours)
{
    public static TheoryData<string, string> HostsAndLessons
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var host in HostRun.All.Keys)
                foreach (var lesson in Lesson.Names)
                    all.Add(host, lesson);
            return all;
        }
    }

    public static TheoryData<string> Lessons => [.. Lesson.Names];

    [Theory, MemberData(nameof(HostsAndLessons))]
    public void Every_cell_succeeds(string host, string lesson)
    {
        var executed = HostRun.All[host].Executed(lesson);

        Assert.Equal(Lesson.Named(lesson).CodeCells.Count(), executed.CodeCells.Count());
        Assert.DoesNotContain(executed.Outputs, output => (string?)output["output_type"] == "error");
    }

    [Theory, MemberData(nameof(HostsAndLessons))]
    public void Every_cell_shows_the_same_text(string host, string lesson)
    {
        var theirs = HostRun.All[host].Executed(lesson).CodeCells.Select(cell => Shown(cell, host));
        var cells = ours.Executed(lesson).CodeCells.ToList();

        Assert.All(cells.Zip(theirs).Where(pair => !IsMeasured(pair.First)), pair => Assert.Equal(
            $"{pair.First["id"]}\n{Shown(pair.First, host)}", $"{pair.First["id"]}\n{pair.Second}", ignoreLineEndingDifferences: true));
    }

    /// <summary>A compiler's warning goes to standard error, which Jupyter shows as a red block.</summary>
    [Theory, MemberData(nameof(Lessons))]
    public void Nothing_is_red_in_Jupyter(string lesson) =>
        Assert.DoesNotContain(HostRun.All["jupyter"].Executed(lesson).Outputs, output => (string?)output["name"] == "stderr");

    [Theory, MemberData(nameof(HostsAndLessons))]
    public void A_live_output_is_one_output_in_its_last_state(string host, string lesson)
    {
        var theirs = HostRun.All[host].Executed(lesson).CodeCells;
        foreach (var (cell, own) in theirs.Zip(ours.Executed(lesson).CodeCells))
            if (Lesson.Text(own["source"]).Contains("LiveView.Show(", StringComparison.Ordinal))
            {
                Assert.Equal(own["outputs"]!.AsArray().Count, cell["outputs"]!.AsArray().Count);
                Assert.DoesNotContain("starts …", Shown(cell, host));
            }
    }

    /// <summary>
    /// What a cell shows as text. Left out, with reasons: measured times, which no two runs share; the kernel's line about a
    /// package's extension, which names the reader's package folder. dotnet-repl writes a cell's console text and its live
    /// output after all else, so its outputs are compared in one order, that of their texts.
    /// </summary>
    private static string Shown(System.Text.Json.Nodes.JsonNode cell, string host)
    {
        var texts = cell["outputs"]!.AsArray()
            .Select(output => Lesson.TextOf(output!).ReplaceLineEndings("\n"))
            .Where(text => text.Length > 0 && !text.StartsWith("Loading extensions from", StringComparison.Ordinal))
            .Select(WithoutTimes);
        return host == "dotnet-repl"
            ? string.Join('\n', string.Join('\n', texts).Split('\n').Order(StringComparer.Ordinal)).Trim()
            : string.Join('\n', texts);
    }

    /// <summary>Whether all that a cell shows is measured on the machine and in the host; the lesson says so by a tag.</summary>
    private static bool IsMeasured(System.Text.Json.Nodes.JsonNode cell) => Lesson.HasTag(cell, "measured");

    private static string WithoutTimes(string text)
    {
        text = Duration().Replace(text, "(time)");
        return SecondsColumn().IsMatch(text) ? LastColumn().Replace(text, "") : text;
    }

    [GeneratedRegex(@"\d+:\d\d(:\d\d)? (in all|gone|left)|\b\d+(\.\d+)? (ms|s|seconds|minutes)\b")]
    private static partial Regex Duration();

    [GeneratedRegex(@"  seconds( a run)? *$", RegexOptions.Multiline)]
    private static partial Regex SecondsColumn();

    [GeneratedRegex(@" +(\S+|seconds a run) *$", RegexOptions.Multiline)]
    private static partial Regex LastColumn();
}
