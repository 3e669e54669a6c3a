using System.Text.Json.Nodes;

namespace Notebooks.Tests;

/// <summary>What lessons 1 and 2 show, against the article and against numbers of an independent implementation.</summary>
public sealed class HandLessonsTests(QuickRun run)
{
    private const string Convolution = "01-convolution-by-hand.ipynb", Pooling = "02-pooling-by-hand.ipynb";

    internal static string[] Names { get; } = [Convolution, Pooling];

    private static readonly JsonNode Reference =
        JsonNode.Parse(File.ReadAllText(Path.Combine(Lesson.Root, "tests", "Reference", "reference.json")))!;

    [Theory]
    [InlineData(Convolution, "convolution-loops", "hand_convolution", "valid_stride1")]
    [InlineData(Convolution, "convolution-view", "hand_convolution", "valid_stride1")]
    [InlineData(Convolution, "convolution-same-picture", "hand_convolution", "same_stride1")]
    [InlineData(Pooling, "pooling-max-loops", "hand_pooling", "max_2x2_stride2")]
    [InlineData(Pooling, "pooling-average-loops", "hand_pooling", "avg_2x2_stride2")]
    public void Maps_hold_the_reference(string lesson, string cell, string group, string name)
    {
        var lines = run.Lines(lesson, cell)
            .Select(line => string.Join(' ', line.Split([' ', '[', ']'], StringSplitOptions.RemoveEmptyEntries))).ToList();

        Assert.All(Reference[group]![name]!.AsArray(), row =>
        {
            var values = string.Join(' ', row!.AsArray().Select(value =>
                value!.GetValue<double>().ToString("0.##", System.Globalization.CultureInfo.InvariantCulture).Replace('-', '−')));
            Assert.Contains(lines, line => line.EndsWith(values, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Articles_two_sums_stand_there_term_by_term()
    {
        var shown = run.Shown(Convolution, "convolution-view");

        Assert.Contains("Row 0, column 0: 3·1 + 1·0 − 1·1 + 1·1 + 0·0 − 7·1 + 2·1 + 3·0 − 5·1 = −7", shown);
        Assert.Contains("Row 0, column 1: 1·1 + 1·0 − 2·1 + 0·1 + 7·0 − 3·1 + 3·1 + 5·0 − 1·1 = −2", shown);
    }

    [Fact]
    public void Settings_view_shows_a_formula_and_two_windows_in_every_form()
    {
        var data = Assert.Single(run.Outputs(Convolution, "convolution-settings-view"))["data"]!;

        Assert.Contains("⌊(6 + 2·0 − 3) / 1⌋ + 1 = ⌊3 / 1⌋ + 1 = 3 + 1 = 4.", Lesson.Text(data["text/plain"]));
        Assert.Contains("Window 2 of 16", Lesson.Text(data["text/html"]));
        Assert.StartsWith("<svg", Lesson.Text(data["image/svg+xml"]));
    }

    [Fact]
    public void Five_filters_are_laid_over_a_digit() => Assert.Equal(5, run.Outputs(Convolution, "convolution-filters").Count());

    /// <summary>The rows were written down by hand: the kernel's three rows, at the pixels under each of the four windows.</summary>
    [Fact]
    public void Convolution_is_drawn_as_a_matrix_with_shared_weights()
    {
        string[] rows =
        [
            "1 2 3 0 4 5 6 0 7 8 9 0 0 0 0 0",
            "0 1 2 3 0 4 5 6 0 7 8 9 0 0 0 0",
            "0 0 0 0 1 2 3 0 4 5 6 0 7 8 9 0",
            "0 0 0 0 0 1 2 3 0 4 5 6 0 7 8 9",
        ];
        var shown = string.Join(' ',
            run.Shown(Convolution, "convolution-matrix").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        Assert.All(rows, row => Assert.Contains(row, shown));
    }

    [Fact]
    public void Shared_window_is_as_sure_of_the_cross_wherever_it_is()
    {
        var lines = run.Lines(Convolution, "convolution-cross").Where(line => line.StartsWith("row ", StringComparison.Ordinal));

        Assert.Equal(["5 5", "2 5", "2 5", "0 5"], lines.Select(line => string.Join(' ', Lesson.Words(line)[^2..])));
    }

    [Fact]
    public void Article_s_stack_flattens_to_1152() => Assert.Contains("= 1152 numbers", run.Shown(Pooling, "pooling-flatten-size"));

    [Fact]
    public void Library_loops_and_torch_agree()
    {
        Assert.Contains("same 4×4 map: True", run.Shown(Convolution, "convolution-windows"));
        Assert.Contains(
            "equals our cross-correlation: True\ntorch's conv2d equals the true convolution:  False",
            run.Shown(Convolution, "convolution-torch"));
    }
}
