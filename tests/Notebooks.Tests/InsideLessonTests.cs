using System.Globalization;

namespace Notebooks.Tests;

/// <summary>What lesson 8 shows, against facts that were not computed by it.</summary>
public sealed class InsideLessonTests(QuickRun run)
{
    private const string Name = "08-inside-the-network.ipynb";

    [Fact]
    public void Shapes_are_those_of_the_graph()
    {
        var lines = run.Lines(Name, "inside-stages").SkipWhile(line => !line.StartsWith("conv1", StringComparison.Ordinal));

        Assert.Equal(
            ["conv1 9,408", "pool1 2,028", "conv2 2,704", "pool2 576", "flatten 576", "fc1 256", "fc2 100", "logits 10", "softmax 10"],
            lines.Select(line => line[..line.IndexOf('(')].Trim() + " " + Lesson.Words(line[(line.IndexOf(')') + 1)..])[0]));
    }

    [Fact]
    public void Probabilities_shown_are_the_softmax_of_the_logits_shown()
    {
        var charts = run.Lines(Name, "inside-stages-maps");
        var logits = Values(charts, "logit by digit");
        var probabilities = Values(charts, "probability by digit");

        Assert.Equal(10, logits.Count);
        var sum = logits.Sum(Math.Exp);
        Assert.All(logits.Zip(probabilities), pair => Assert.Equal(Math.Exp(pair.First) / sum, pair.Second, 1e-3));
        Assert.EndsWith($"as {logits.IndexOf(logits.Max())}", run.Shown(Name, "inside-drawing").TrimEnd());
    }

    [Fact]
    public void Sheets_of_maps_say_in_words_what_they_show() =>
        Assert.All(
            run.Outputs(Name, "inside-filters", "inside-conv2", "inside-stages-maps", "inside-occlusion", "inside-pca")
                .Where(output => output["data"]!["image/svg+xml"] is not null),
            output => Assert.Matches("^<svg[^>]* role=\"img\"[^>]*><title>[^<]{20,}", Lesson.Text(output["data"]!["image/svg+xml"])));

    [Fact]
    public void Playground_stands_before_the_filters()
    {
        var ids = run.Executed(Name).CodeCells.Select(cell => (string?)cell["id"]).ToList();

        Assert.True(ids.IndexOf("inside-drawing") < ids.IndexOf("inside-filters"));
    }

    [Fact]
    public void Every_question_of_the_beginning_is_answered_with_a_number() =>
        Assert.All(run.Lines(Name, "inside-recap-code")[4..], line => Assert.Matches(@"\?\s+.*\d", line));

    private static List<double> Values(string[] lines, string heading) =>
        [.. lines[Array.IndexOf(lines, heading) + 1].Split(", ").Select(pair => Number(pair.Split(' ')[1]))];

    /// <summary>A number as figures show it: −2.5, or 7.1·10⁻⁸.</summary>
    private static double Number(string shown)
    {
        const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        var plain = string.Concat(shown.Replace("·10", "e", StringComparison.Ordinal)
            .Select(sign => sign is '−' or '⁻' ? '-' : Raised.IndexOf(sign) is >= 0 and var digit ? (char)('0' + digit) : sign));
        return double.Parse(plain, CultureInfo.InvariantCulture);
    }
}
