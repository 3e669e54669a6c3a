using System.Globalization;
using System.Runtime.Loader;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using CsCheck;

namespace NotebookHelpers.Tests.Display;

public sealed class FigureTests
{
    private static readonly Figure Accuracy = Figure.Curves("Validation accuracy", "Epoch", "Accuracy (fraction)",
        Series.Of("ours", Published.AugmentedValidationAccuracy.Select(value => value - 0.001)),
        Series.Of("the article's", Published.AugmentedValidationAccuracy));

    private static readonly Figure Confusion = Figure.Confusion("Mistakes", new[,] { { 90, 10 }, { 0, 50 } });

    public static TheoryData<string> Titles => [Hostile.Text, "", "plain", "ends in a backslash \\", "名前 é 🙂"];

    private static Figure[] Each(string text) =>
    [
        Figure.Curves(text, text, text, Series.Of(text, [1, 2, 4])),
        Figure.Bars(text, text, text, [text, "b"], (text, [1, 2]), ("c", [3, 4])),
        Figure.Heatmap(text, text, text, [text], ["b"], new double[,] { { 1 } }, text),
        Figure.FromPlotly(
            $$"""[{"name":{{JsonSerializer.Serialize(text)}},"y":[1,2]}]""",
            $$"""{"title":{"text":{{JsonSerializer.Serialize(text)}} } }"""),
        Figure.FromPlotly($$"""[{"type":"pie","name":{{JsonSerializer.Serialize(text)}},"values":[1,2]}]""", "{}"),
    ];

    [Fact]
    public void WhatHappensToTheCallersArraysChangesNoFigure()
    {
        string[] names = ["a", "b"];
        double[] values = [1, 2];
        double[,] cells = { { 1, 2 }, { 3, 4 } };
        (string, double, double, double)[] intervals = [("a", 1, 2, 3)];
        (string, double)[] dots = [("a", 1)];
        Figure[] figures =
        [
            Figure.Bars("bars", "x", "y", names, values), Figure.Bars("groups", "x", "y", names, ("one", values)),
            Figure.Heatmap("cells", "x", "y", names, names, cells), Figure.Intervals("rows", "x", "y", intervals),
            Figure.Dots("dots", "x", "y", dots),
        ];
        var before = figures.Select(figure => (figure.ToSvg(), figure.ToText())).ToList();

        (names[0], values[0], cells[0, 0], intervals[0], dots[0]) = ("z", 9, 9, ("z", 7, 8, 9), ("z", 9));

        Assert.Equal(before, figures.Select(figure => (figure.ToSvg(), figure.ToText())));
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void WhateverTheTextTheOutputsAreWellFormedAndNothingOfItRuns(string text)
    {
        foreach (var figure in Each(text))
        {
            var svg = XDocument.Parse(figure.ToSvg());
            Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName is "script" or "image" or "foreignObject");
            var html = Hostile.Parse(figure.ToHtml());
            var shell = html.QuerySelector("figure")!;
            Assert.Equal(["DIV", "SCRIPT", "SCRIPT", "SCRIPT"], shell.Children.Select(child => child.TagName));
            Assert.Single(shell.Children[0].QuerySelectorAll("*"), element => element.TagName == "IMG");
            Assert.Equal(figure.ToSvg(), PictureOf(figure));
            Assert.NotEmpty(shell.QuerySelector("img")!.GetAttribute("alt")!);
            Spec(figure);
        }
    }

    [Fact]
    public void TextReachesPlotlyAsTextNotAsItsMarkup()
    {
        var figure = Figure.Curves("a < b & c", "<b>x</b>", "y", Series.Of("<i>n</i>", [1, 2]));
        var spec = Spec(figure);
        var layout = spec.GetProperty("layout");
        Assert.Equal("<b>a &lt; b &amp; c</b>", TitleOf(layout));
        Assert.Equal("&lt;b&gt;x&lt;/b&gt;", TitleOf(layout.GetProperty("xaxis")));
        Assert.Equal("&lt;i&gt;n&lt;/i&gt;", spec.GetProperty("data")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void TheInteractiveChartHasEveryValueTitleAndAxis()
    {
        var spec = Spec(Accuracy);
        var published = spec.GetProperty("data")[1];
        Assert.Equal("the article's", published.GetProperty("name").GetString());
        Assert.Equal(Published.AugmentedValidationAccuracy, published.GetProperty("y").Deserialize<double[]>());
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (double)i), published.GetProperty("x").Deserialize<double[]>());
        var ours = spec.GetProperty("data")[0];
        Assert.NotEqual(
            ours.GetProperty("line").GetProperty("dash").GetString(), published.GetProperty("line").GetProperty("dash").GetString());
        Assert.NotEqual(
            ours.GetProperty("marker").GetProperty("symbol").ToString(), published.GetProperty("marker").GetProperty("symbol").ToString());
        var layout = spec.GetProperty("layout");
        Assert.Contains("Validation accuracy", TitleOf(layout));
        Assert.Equal("Epoch", TitleOf(layout.GetProperty("xaxis")));
        Assert.Equal("Accuracy (fraction)", TitleOf(layout.GetProperty("yaxis")));
    }

    [Fact]
    public void ThePictureNamesTitleAxesAndSeriesAndDrawsEveryPoint()
    {
        var svg = XDocument.Parse(Accuracy.ToSvg());
        var texts = Texts(svg);
        Assert.All(["Validation accuracy", "Epoch", "Accuracy (fraction)", "ours", "the article's"], text => Assert.Contains(text, texts));
        var paths = svg.Descendants().Where(element => element.Name.LocalName == "path").ToList();
        var curves = paths.Where(path => path.Attribute("stroke-width")?.Value == "2")
            .Where(path => path.Attribute("d")!.Value.Split('L').Length == 30).ToList();
        Assert.Equal(2, curves.Count);
        Assert.Null(curves[0].Attribute("stroke-dasharray"));
        Assert.NotNull(curves[1].Attribute("stroke-dasharray"));
        // y grows upward: the last published value is its highest, so the smallest coordinate
        var heights = curves[1].Attribute("d")!.Value[1..].Split('L').Select(point => double.Parse(point.Split(',')[1])).ToList();
        Assert.Equal(heights.Min(), heights[^1]);
    }

    [Fact]
    public void ThirtyEpochsStaySmallAndRepeatByteForByte()
    {
        Assert.InRange(Accuracy.ToHtml().Length, 1, 30_000);
        var again = Figure.Curves("Validation accuracy", "Epoch", "Accuracy (fraction)",
            Series.Of("ours", Published.AugmentedValidationAccuracy.Select(value => value - 0.001)),
            Series.Of("the article's", Published.AugmentedValidationAccuracy));
        Assert.Equal(Accuracy.ToHtml(), again.ToHtml());
        Assert.Equal(Accuracy.ToSvg(), again.ToSvg());
        // several figures on one page, or one twice, cannot clash: there is no id
        Assert.Empty(Hostile.Parse(Accuracy.ToHtml() + Accuracy.ToHtml()).QuerySelectorAll("[id]"));
    }

    [Fact]
    public void TheTextAlternativeSaysWhatTheCurvesDo()
    {
        Assert.Contains("the article's: ▁", Accuracy.ToText());
        Assert.Contains("30 points, from 0.988 at 0 to 0.995 at 29; lowest 0.988 at 0, highest 0.995 at 29", Accuracy.ToText());
        Assert.Contains("highest 0.995 at 29", Hostile.Parse(Accuracy.ToHtml()).QuerySelector("img")!.GetAttribute("alt"));
    }

    [Theory]
    [InlineData(new double[0], new double[0])]
    [InlineData(new[] { 3.0 }, new[] { 0.5 })]
    [InlineData(new[] { 1.0, 2.0 }, new[] { 7.0, 7.0 })]
    [InlineData(new[] { 1.0, double.NaN, 2.0 }, new[] { double.PositiveInfinity, 1.0, double.NaN })]
    [InlineData(new[] { 1.0, 2.0 }, new[] { -1e300, 1e300 })]
    [InlineData(new[] { 1e-9, 2e-9 }, new[] { 1e-12, 3e-12 })]
    [InlineData(new[] { 1e12, 2e12 }, new[] { 0.0, 1.0 })]
    public void OddDataStillGiveAPicture(double[] x, double[] y)
    {
        var figure = Figure.Curves("t", "x", "y", new Series("s", x, y));
        XDocument.Parse(figure.ToSvg());
        Assert.DoesNotContain("NaN", figure.ToSvg());
        Assert.DoesNotContain("∞", figure.ToSvg());
        Assert.InRange(figure.ToSvg().Length, 300, 20_000);
        Spec(figure);
        Assert.StartsWith("t\n", figure.ToText());
    }

    [Fact]
    public void AFigureOfNothingIsAPictureOfNothing()
    {
        var figure = Figure.Curves("Loss", "Epoch", "Loss");
        Assert.Contains("no points yet", figure.ToSvg());
        Assert.Empty(Hostile.Parse(figure.ToHtml()).QuerySelectorAll("script[type='application/json']"));
    }

    [Fact]
    public void BarsStartAtZeroAndDifferInFilling()
    {
        var figure = Figure.Bars("Accuracy", "Set", "Accuracy (%)", ["a", "b"], ("train", [50, 100]), ("test", [25, 75]));
        var bars = XDocument.Parse(figure.ToSvg()).Descendants()
            .Where(element => element.Name.LocalName == "rect" && element.Attribute("stroke") is not null).Skip(2).ToList();
        var heights = bars.Select(bar => double.Parse(bar.Attribute("height")!.Value)).ToList();
        Assert.Equal([0.5, 0.25, 1, 0.75], heights.Select(height => Math.Round(height / heights[2], 2)));
        Assert.Equal("#fff", bars[1].Attribute("fill")!.Value);
        var patterns = Spec(figure).GetProperty("data").EnumerateArray()
            .Select(trace => trace.GetProperty("marker").GetProperty("pattern").GetProperty("shape").GetString());
        Assert.Equal(["", "-"], patterns);
        Assert.Contains("train: a 50, b 100", figure.ToText());
    }

    [Fact]
    public void TheDiagonalOfAConfusionMatrixTakesNoPartInTheColours()
    {
        var data = Spec(Confusion).GetProperty("data");
        var z = data[0].GetProperty("z");
        Assert.Equal(JsonValueKind.String, z[0][0].ValueKind); // "NaN": a gap for plotly.js
        Assert.Equal(10, z[0][1].GetDouble(), 6);
        Assert.Equal(0, z[1][0].GetDouble(), 6);
        Assert.Equal("""[["90, 90 %","10, 10 %"],["0","50, 100 %"]]""", data[0].GetProperty("text").GetRawText());
        var rows = Spec(Confusion).GetProperty("layout").GetProperty("yaxis").GetProperty("categoryarray");
        Assert.Equal(["1", "0"], rows.Deserialize<string[]>()!);
        var cells = XDocument.Parse(Confusion.ToSvg()).Descendants()
            .Where(element => element.Attribute("stroke")?.Value == "#fff").ToList();
        Assert.Equal(["#e0e0e0", "#08519c", "#08519c", "#e0e0e0"], cells.Select(cell => cell.Attribute("fill")!.Value));
        Assert.Equal([null, 1, 0, null], cells.Select(cell => (double?)cell.Attribute("fill-opacity")));
        Assert.Contains("0  90 (90 %)  10 (10 %)\n         1          0 50 (100 %)", Confusion.ToText());
    }

    [Fact]
    public void AConfusionMatrixShowsCountsAndRates()
    {
        var figure = Figure.Confusion("t", new[,] { { 1997, 3 }, { 0, 0 } });
        var texts = Texts(XDocument.Parse(figure.ToSvg()));
        Assert.All(["1,997", "99.85 %", "3", "0.15 %"], text => Assert.Contains(text, texts));
        var layers = Spec(figure).GetProperty("data").EnumerateArray().Skip(1);
        var words = layers.SelectMany(layer => layer.GetProperty("text").Deserialize<string[]>()!);
        Assert.Equal(["0", "0", "1,997<br>99.85 %", "3<br>0.15 %"], words.Order(StringComparer.Ordinal));
        Assert.Contains(
            "True class %{y}, Predicted class %{x}", Spec(figure).GetProperty("data")[0].GetProperty("hovertemplate").GetString());
    }

    [Fact]
    public void NegativeValuesAreColouredAroundZero()
    {
        var figure = Figure.Heatmap("Filter", "Column", "Row", ["0", "1", "2"], ["0"], new double[,] { { -1, 0, 0.5 } }, "weight");
        var cells = XDocument.Parse(figure.ToSvg()).Descendants().Where(element => element.Attribute("stroke")?.Value == "#fff")
            .Select(element => (element.Attribute("fill")!.Value, (double)element.Attribute("fill-opacity")!)).ToList();
        Assert.Equal([("#d55e00", 1), ("#08519c", 0), ("#08519c", 0.5)], cells);
        Assert.Equal(-1, Spec(figure).GetProperty("data")[0].GetProperty("zmin").GetDouble());
        Assert.Equal(1, Spec(figure).GetProperty("data")[0].GetProperty("zmax").GetDouble());
    }

    [Fact]
    public void XPlotChartsKeepTheirValuesAndGetAPicture()
    {
        var chart = XPlot.Plotly.Chart.Line(Published.AugmentedValidationAccuracy.Select((value, epoch) => Tuple.Create(epoch, value)));
        chart.WithTitle("Baseline; var layout = </script>");
        chart.WithXTitle("Epoch");
        chart.WithYTitle("Accuracy (fraction)");
        var figure = Figure.FromXPlot(chart);
        Assert.Equal("Baseline; var layout = </script>", figure.Title);
        Assert.Equal(Published.AugmentedValidationAccuracy, Spec(figure).GetProperty("data")[0].GetProperty("y").Deserialize<double[]>());
        Assert.Contains("30 points, from 0.988 at 0 to 0.995 at 29", figure.ToText());
        Assert.Contains("Accuracy (fraction)", figure.ToSvg());
        Assert.Contains("GetInlineJS", Assert.Throws<ArgumentException>(() => Figure.FromXPlot("no chart")).Message);
    }

    [Fact]
    public void PlotlyBarsAndHeatMapsGetAPictureToo()
    {
        var bars = Figure.FromPlotly(
            """[{"type":"bar","x":["a","b"],"y":[1,2]}]""",
            """{"title":"Two <b>bars</b>","xaxis":{"title":{"text":"Letter"}}}""");
        Assert.Equal("Two  bars", bars.Title);
        Assert.Contains("a 1, b 2", bars.ToText());
        var heat = Figure.FromPlotly("""[{"type":"heatmap","z":[[1,2],[3,null]]}]""", "{}");
        Assert.Contains("rows: ", heat.ToText());
        Assert.Contains("An interactive chart", Figure.FromPlotly("""[{"type":"pie","values":[1]}]""", "{}").ToSvg());
        Assert.Contains("An interactive chart", Figure.FromPlotly("[]", "{}").ToSvg());
    }

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("[", "{}")]
    [InlineData("[]", "[]")]
    [InlineData("null", "{}")]
    public void WhatIsNoPlotlyFigureIsRefused(string data, string layout) =>
        Assert.Contains("Plotly.newPlot takes it", Assert.Throws<ArgumentException>(() => Figure.FromPlotly(data, layout)).Message);

    [Theory]
    [InlineData("""[1,null,"x"]""")]
    [InlineData("""[{"type":5,"y":{"bdata":"AAAA","dtype":"f8"}}]""")]
    [InlineData("""[{"y":[1,"2",[3]],"x":[1]}]""")]
    [InlineData("""[{"type":"heatmap","z":[[1],[2,3]]}]""")]
    [InlineData("""[{"type":"heatmap","z":[[1]],"x":["a","b"]}]""")]
    [InlineData("""[{"type":"bar","x":[1],"y":[1,2]}]""")]
    public void OddTracesStillGiveAPicture(string data) => XDocument.Parse(Figure.FromPlotly(data, """{"title":7,"xaxis":"x"}""").ToSvg());

    [Fact]
    public void LengthsThatDoNotMatchAreRefused()
    {
        Assert.Contains("2 x values and 1 y",
            Assert.Throws<ArgumentException>(() => Figure.Curves("t", "x", "y", new Series("s", [1, 2], [1]))).Message);
        Assert.Contains("1 values, but there are 2 categories",
            Assert.Throws<ArgumentException>(() => Figure.Bars("t", "x", "y", ["a", "b"], [1])).Message);
        Assert.Contains("1×2",
            Assert.Throws<ArgumentException>(() => Figure.Heatmap("t", "x", "y", ["a"], ["b"], new double[1, 2])).Message);
        Assert.Contains("square", Assert.Throws<ArgumentException>(() => Figure.Confusion("t", new int[2, 3])).Message);
    }

    [Fact]
    public void PlotlyNetLivesInAContextOfItsOwnWithItsOwnFSharpCore()
    {
        Accuracy.ToHtml();
        var context = PlotlyBridge.Context;
        Assert.NotSame(AssemblyLoadContext.Default, context);
        var fsharp = context.Assemblies.Single(assembly => assembly.GetName().Name == "FSharp.Core").GetName().Version!;
        Assert.True(fsharp >= new Version(10, 1), $"FSharp.Core {fsharp}");
        var plotly = context.Assemblies.Single(assembly => assembly.GetName().Name == "Plotly.NET");
        Assert.Contains($"Plotly.NET.plotly-{PlotlyBridge.PlotlyJsVersion}.min.js", plotly.GetManifestResourceNames());
    }

    [Fact]
    public void TheChartsFolderHoldsWhatPlotlyNetNeedsAndNoMore() => Assert.Equal(
        [
            "DynamicObj", "FSharp.Core", "Fable.Core", "Giraffe.ViewEngine", "Newtonsoft.Json", "NotebookHelpers.Charts", "Plotly.NET",
            "Plotly.NET.CSharp",
        ],
        Directory.GetFiles(Path.Combine(Workbook.Root, "artifacts", "NotebookHelpers", "charts"), "*.dll")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));

    /// <summary>The title that plotly.js is given for a layout or one of its axes.</summary>
    private static string? TitleOf(JsonElement part) => part.GetProperty("title").GetProperty("text").GetString();

    private static List<string> Texts(XContainer svg) =>
        [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];

    private static string PictureOf(Figure figure)
    {
        var source = Hostile.Parse(figure.ToHtml()).QuerySelector("img")!.GetAttribute("src")!;
        return Encoding.UTF8.GetString(Convert.FromBase64String(source["data:image/svg+xml;base64,".Length..]));
    }

    private static JsonElement Spec(Figure figure)
    {
        var script = Hostile.Parse(figure.ToHtml()).QuerySelector("script[type='application/json']")!;
        return JsonSerializer.Deserialize<JsonElement>(script.TextContent);
    }

    [Fact]
    public void Intervals_are_drawn_to_scale_and_hollow_where_they_cross_zero()
    {
        var figure = Figure.Intervals("Differences", "difference (points)", "variant", ("shown", 0.5, 1, 1.5), ("not shown", -1, 0.5, 2));
        var circles = XDocument.Parse(figure.ToSvg()).Descendants().Where(element => element.Name.LocalName == "circle").ToList();
        double X(int circle) => double.Parse((string)circles[circle].Attribute("cx")!, CultureInfo.InvariantCulture);

        Assert.Equal(2, circles.Count);
        Assert.True(X(0) > X(1));
        Assert.Equal("#fff", (string)circles[1].Attribute("fill")!);
        Assert.NotEqual("#fff", (string)circles[0].Attribute("fill")!);
        Assert.Contains("not shown: 0.5, from −1 to 2", figure.ToText());
        Assert.Throws<ArgumentException>(() => Figure.Intervals("", "", "", ("a", 1, 0, 2)));
    }

    [Fact]
    public void Dots_stand_at_the_logarithm_of_their_values()
    {
        var figure = Figure.Dots(
            "Speed", "digits per second", "version", ("one", 12.345), ("ten times that", 123.45), ("ten times more", 1234.5));
        var places = XDocument.Parse(figure.ToSvg()).Descendants().Where(element => element.Name.LocalName == "circle")
            .Select(circle => double.Parse((string)circle.Attribute("cx")!, CultureInfo.InvariantCulture)).ToList();

        Assert.Equal(places[1] - places[0], places[2] - places[1], 0.11);
        Assert.True(places[1] > places[0] + 50);
        Assert.Equal("Speed\ndigits per second by version\none: 12.3\nten times that: 123\nten times more: 1,230", figure.ToText());
        foreach (var value in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Assert.Contains("above zero", Assert.Throws<ArgumentException>(() => Figure.Dots("", "", "", ("a", value))).Message);
    }

    [Fact]
    public void A_logarithmic_axis_has_the_powers_of_ten_and_where_there_is_room_their_parts() =>
        Gen.Select(Gen.Double[-8, 8], Gen.Double[0, 9], Gen.Int[4, 9]).Sample((power, decades, ticks) =>
        {
            double[] values = [Math.Pow(10, power), Math.Pow(10, power + decades)];
            var axis = LogAxis.Of(values, ticks);
            var found = axis.Ticks.ToList();

            Assert.NotEmpty(found);
            Assert.All(values, value => Assert.InRange(axis.Place(value), 0, 1));
            Assert.All(found, tick => Assert.InRange(axis.Place(tick), 0, 1));
            Assert.Equal(found.Order().Distinct(), found);
            var powers = Enumerable.Range(-12, 32).Select(exponent => Math.Pow(10, exponent))
                .Where(tick => tick >= axis.Low && tick <= axis.High);
            Assert.All(powers, tick => Assert.Contains(found, other => Math.Abs(other / tick - 1) < 1e-9));
        });

    [Fact]
    public void ManyPointsHaveNoMarks()
    {
        var few = Figure.Curves("t", "x", "y", Series.Of("a", new double[40]));
        var many = Figure.Curves("t", "x", "y", Series.Of("a", new double[60]));
        Assert.Equal("lines+markers", Spec(few).GetProperty("data")[0].GetProperty("mode").GetString());
        Assert.Equal("lines", Spec(many).GetProperty("data")[0].GetProperty("mode").GetString());
        Assert.Contains("m-3.5,0a3.5", few.ToSvg());
        Assert.DoesNotContain("m-3.5,0a3.5", many.ToSvg());
    }

    [Fact]
    public void ALongTitleHasThreeLinesAtMost()
    {
        var title = string.Join(' ', Enumerable.Range(100, 80));
        var svg = XDocument.Parse(Figure.Curves(title, "x", "y", Series.Of("a", [1, 2])).ToSvg());
        var lines = svg.Descendants().Where(element => element.Attribute("font-weight")?.Value == "bold")
            .Select(line => line.Value).ToList();
        Assert.Equal(3, lines.Count);
        Assert.StartsWith("100 101", lines[0]);
        Assert.EndsWith("…", lines[2]);
    }

    [Fact]
    public void OnAPhoneIntervalsHaveAPictureInWhichEveryNameFits()
    {
        var figure = Figure.Intervals(
            "Differences", "difference", "variant", ("with all the ingredients together", -1, 0.5, 2), ("b", 1, 2, 3));
        var picture = Hostile.Parse(figure.ToHtml()).QuerySelector("picture")!;
        var narrow = picture.QuerySelector("source")!.GetAttribute("srcset")!.Split(',')[1];
        var svg = XElement.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(narrow)));
        Assert.Equal("360", (string)svg.Attribute("width")!);
        Assert.Contains(svg.Descendants(), element => element.Value == "with all the ingredients together");
        Assert.Equal(2, svg.Descendants().Count(element => element.Name.LocalName == "circle"));
        Assert.Equal("IMG", picture.LastElementChild!.TagName);
    }

    [Fact]
    public void OnAPhoneIntervalsHaveAScaleAndAllWordsOfTheirAxis()
    {
        const string Title = "difference of the validation accuracy, percentage points (mean; all intervals together hold in 95 %)";
        var figure = Figure.Intervals("Differences", Title, "variant", ("flip", -0.36, -0.3, -0.25), ("shifts", 0.07, 0.24, 0.4));
        var narrow = Hostile.Parse(figure.ToHtml()).QuerySelector("source")!.GetAttribute("srcset")!.Split(',')[1];
        var svg = XElement.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(narrow)));
        var texts = Texts(svg);

        Assert.Equal(
            ["−0.2", "0.0", "0.2", "0.4"],
            texts.Where(text => double.TryParse(text.Replace('−', '-'), CultureInfo.InvariantCulture, out _)));
        Assert.Contains(Title, string.Join(' ', texts));
        var height = (double)svg.Attribute("height")!;
        Assert.All(
            svg.Descendants().Where(element => element.Name.LocalName == "text"),
            text => Assert.InRange((double)text.Attribute("y")!, 0, height - 4));
    }

    [Fact]
    public void An_axis_has_three_ticks_at_least() =>
        Gen.Select(Gen.Double[-1000, 1000], Gen.Double[0.001, 1000], Gen.Int[3, 10], Gen.Double[0, 0.1])
            .Sample((low, range, ticks, margin) =>
        {
            var axis = ChartAxis.Of([low, low + range], margin, ticks, whole: false);
            var found = axis.Ticks.ToList();

            Assert.InRange(found.Count, 3, 2 * ticks + 2);
            Assert.All(found, tick => Assert.InRange(axis.Place(tick), -1e-6, 1 + 1e-6));
        });
}
