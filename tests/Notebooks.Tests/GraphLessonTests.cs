namespace Notebooks.Tests;

/// <summary>What lesson 3 shows, against facts that were not computed by it.</summary>
public sealed class GraphLessonTests(QuickRun run)
{
    private const string Name = "03-lenet-graph.ipynb";

    [Fact]
    public void Layer_tables_have_the_known_totals()
    {
        var shown = run.Shown(Name, "graph-class-code", "graph-ancestor-code", "graph-cost-torch");

        Assert.Contains("176,286 parameters, 550,760 multiply-accumulates", shown);
        Assert.Contains("61,706 parameters, 416,520 multiply-accumulates", shown);   // LeNet-5: 156 + 2,416 + 48,120 + 10,164 + 850
        Assert.Contains("549,279,744", shown);
    }

    [Fact]
    public void Published_graph_is_drawn_with_its_dead_layer_and_the_other_without()
    {
        var text = run.Shown(Name, "graph-diagram-code");
        var published = text.IndexOf("As published", StringComparison.Ordinal);

        Assert.Contains(
            "fc2 Linear, 100, 25,700 parameters, dead: the result ignores it\noutput Linear, 10, 2,570 parameters, reads fc1",
            text[published..]);
        Assert.DoesNotContain("dead", text[..published]);
        Assert.All(run.Outputs(Name, "graph-diagram-code"), output =>
            Assert.StartsWith("<svg", Lesson.Text(output["data"]!["image/svg+xml"])));
    }

    [Fact]
    public void Receptive_fields_grow_to_13_by_13_pixels() =>
        Assert.Equal(
            ["3×3", "5×5", "9×9", "13×13"],
            run.Lines(Name, "graph-field-code").TakeLast(4).Select(line => Lesson.Words(line)[1]));

    /// <summary>Of the four maps the rows 14 to 16, 13 to 17, 11 to 19 and 9 to 21 were counted by hand.</summary>
    [Fact]
    public void Pixels_that_change_a_value_are_those_of_its_field()
    {
        var lines = run.Lines(Name, "graph-field-asked").TakeLast(4)
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

        Assert.Equal(
            [
                "conv1|14 to 16|14 to 16|9|9",
                "pool1|13 to 17|13 to 17|25|25",
                "conv2|11 to 19|11 to 19|81|81",
                "pool2|9 to 21|9 to 21|169|169",
            ],
            lines.Select(cells => string.Join('|', cells)));
    }

    [Fact]
    public void Nothing_is_learnt_before_learning_is_taught() =>
        Assert.All(Lesson.Named(Name).CodeCells, cell =>
            Assert.DoesNotMatch(@"\.backward\(|optim\.|\.step\(", Lesson.Text(cell["source"])));
}
