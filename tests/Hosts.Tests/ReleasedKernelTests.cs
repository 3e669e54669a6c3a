using System.Text.Json.Nodes;

namespace Hosts.Tests;

/// <summary>What a reader's editor gets from the released kernel.</summary>
public sealed class ReleasedKernelTests
{
    private const string Start =
        """
        #r "nuget: TorchSharp-cpu, 0.107.0"
        #r "../artifacts/NotebookHelpers/TorchSharp.Numerics.dll"
        #r "../artifacts/NotebookHelpers/NotebookHelpers.dll"
        using NotebookHelpers;
        Workbook.Start()
        """;

    private const string LongCell =
        """
        var live = LiveView.Show("state 0");
        for (var i = 1; i < 1000; i++)
        {
            live.Update($"state {i}");
            await Task.Delay(100, Workbook.Cancellation);
        }
        """;

    [Fact]
    public async Task A_live_view_keeps_one_id_and_its_last_state()
    {
        using var kernel = await StdioKernel.StartAsync();
        await kernel.RunAsync(Start);

        var events = await kernel.RunAsync("var live = LiveView.Show(\"first\"); live.Update(\"second\"); live.Update(\"last\");");

        var shown = Assert.Single(Values(events, "DisplayedValueProduced"));
        var updates = Values(events, "DisplayedValueUpdated");
        Assert.Equal(["second", "last"], updates.Select(update => update.Text));
        Assert.All(updates, update => Assert.Equal(shown.Id, update.Id));
    }

    [Fact]
    public async Task After_an_interrupt_and_a_restart_the_old_view_stays_as_it_was()
    {
        string old;
        using (var kernel = await StdioKernel.StartAsync())
        {
            await kernel.RunAsync(Start);
            var interrupted = await kernel.InterruptAsync(LongCell, "DisplayedValueUpdated");
            old = Assert.Single(Values(interrupted, "DisplayedValueProduced")).Id;
            Assert.Equal("CommandFailed", StdioKernel.Kind(interrupted[^1]));

            var later = await kernel.RunAsync("var next = LiveView.Show(\"another\"); next.Update(\"its own\");");
            Assert.All(Values(later, "DisplayedValueProduced"), value => Assert.NotEqual(old, value.Id));
            Assert.All(Values(later, "DisplayedValueUpdated"), value => Assert.NotEqual(old, value.Id));
        }

        using var restarted = await StdioKernel.StartAsync();
        await restarted.RunAsync(Start);
        var again = await restarted.RunAsync("var live = LiveView.Show(\"new\"); live.Update(\"newer\");");
        Assert.NotEqual(old, Assert.Single(Values(again, "DisplayedValueProduced")).Id);
        Assert.NotEqual(old, Assert.Single(Values(again, "DisplayedValueUpdated")).Id);
    }

    /// <summary>
    /// torch.tensor has overloads that take Complex; TorchSharp knows it from an older System.Runtime.Numerics, so without the
    /// lessons' second directive each of these cells has warning CS1701.
    /// </summary>
    [Fact]
    public async Task No_cell_that_meets_Complex_is_warned_about()
    {
        string[] cells =
        [
            "using TorchSharp;",
            "var vector = torch.tensor(new float[] { 1, 2 });",
            "var matrix = torch.tensor(new double[,] { { 1, 2 } });",
            "var one = torch.tensor(1.0f);", "var z = torch.tensor(new System.Numerics.Complex(1, 2)); z.ToComplex64().Real",
            "System.Numerics.BigInteger.Pow(2, 100).ToString()",
            "var scalar = (Scalar)2.5; torch.full(new long[] { 2 }, scalar).sum().item<float>()",
        ];
        using var kernel = await StdioKernel.StartAsync();
        await kernel.RunAsync(Start);

        foreach (var cell in cells)
        {
            var events = await kernel.RunAsync(cell);
            Assert.Equal("CommandSucceeded", StdioKernel.Kind(events[^1]));
            Assert.All(events, found =>
                Assert.True(found["event"]?["diagnostics"] is not JsonArray { Count: > 0 }, $"{cell}\n{found.ToJsonString()}"));
        }
    }

    [Fact]
    public async Task The_warning_is_there_without_the_directive()
    {
        using var kernel = await StdioKernel.StartAsync();
        await kernel.RunAsync(Start.Replace("#r \"../artifacts/NotebookHelpers/TorchSharp.Numerics.dll\"\n", ""));

        var events = await kernel.RunAsync("var vector = TorchSharp.torch.tensor(new float[] { 1, 2 });");

        Assert.Contains(events, found => found.ToJsonString().Contains("CS1701", StringComparison.Ordinal));
    }

    /// <summary>Nothing of a cell runs whose directive names a missing file, so the lessons say what to do above it.</summary>
    [Fact]
    public async Task Without_a_build_the_first_cell_fails_with_the_error_that_the_lessons_name()
    {
        using var kernel = await StdioKernel.StartAsync();

        var events = await kernel.RunAsync("#r \"../artifacts/NotebookHelpers/NotThere.dll\"\nConsole.WriteLine(\"a guard\");");

        Assert.Contains("CS0006", events[^1].ToJsonString());
        Assert.DoesNotContain(events, found => StdioKernel.Kind(found) == "StandardOutputValueProduced");
    }

    /// <summary>Plotly.NET needs FSharp.Core 10.1, the kernel's process holds 10.0; the library draws with it in isolation.</summary>
    [Fact]
    public async Task Plotly_charts_fail_in_the_kernel_by_themselves_and_our_figures_do_not()
    {
        using var kernel = await StdioKernel.StartAsync();
        await kernel.RunAsync(Start);
        var figure = await kernel.RunAsync("Figure.Curves(\"a curve\", \"x\", \"y\", Series.Of(\"s\", new[] { 1.0, 2.0, 3.0 }))");
        await kernel.RunAsync("#r \"nuget: Plotly.NET.Interactive, 6.0.0\"\n#r \"nuget: Plotly.NET.CSharp, 0.14.0\"");
        var raw = await kernel.RunAsync("Plotly.NET.CSharp.Chart.Line<int, int, string>(new[] { 1, 2 }, new[] { 1, 2 })");

        var drawn = figure.Single(found => StdioKernel.Kind(found) == "ReturnValueProduced").ToJsonString();
        Assert.Contains("plotly", drawn, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(raw, found => found.ToJsonString().Contains("FSharp.Core, Version=10.1", StringComparison.Ordinal));
    }

    private static List<(string Id, string Text)> Values(IEnumerable<JsonNode> events, string kind) =>
        [.. events.Where(found => StdioKernel.Kind(found) == kind).Select(found => found["event"]!)
            .Where(value => value["valueId"] is not null)
            .Select(value => ((string)value["valueId"]!, (string?)value["formattedValues"]![0]!["value"] ?? ""))];
}
