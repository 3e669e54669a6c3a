using System.Xml.Linq;

namespace NotebookHelpers.Tests.Display;

public sealed class ScatterViewTests
{
    private static readonly int[] Labels = [3, 3, 7];
    private static readonly ScatterPanel Panel = new("plane", "x (cm)", "y (cm)", [0, 2, 10], [0, 4, -2]);

    [Fact]
    public void EveryPointIsTheDigitOfItsClassAndEveryClassHasItsMean()
    {
        var svg = XElement.Parse(new ScatterView("points", Labels, Panel).ToSvg());
        var texts = svg.Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value).ToList();

        Assert.Equal([3, 3, 7], Digits(svg).Select(digit => digit.Label));
        Assert.Contains("3", texts);        // the means
        Assert.Contains("7", texts);
        Assert.Contains("x (cm)", texts);
        Assert.Contains("y (cm)", texts);
    }

    [Fact]
    public void PointsStandWhereTheirValuesSay()
    {
        var points = Digits(XElement.Parse(new ScatterView("points", Labels, Panel).ToSvg()));

        Assert.Equal(0.2, (points[1].X - points[0].X) / (points[2].X - points[0].X), 0.01);
        Assert.True(points[1].Y < points[0].Y && points[0].Y < points[2].Y, "larger values stand higher");
        Assert.All(points, point => Assert.True(point is { X: > 0 and < 360, Y: > 0 and < 386 }));
    }

    [Fact]
    public void TextNamesTheMeans() =>
        Assert.Equal(
            "points\nplane: 3 points, y (cm) by x (cm); means of the classes: 3 at (1, 2), 7 at (10, −2)",
            new ScatterView("points", Labels, Panel).ToText());

    [Fact]
    public void WhatHappensToTheCallersArraysMovesNoPoint()
    {
        ScatterPanel[] panels = [new("plane", "x", "y", [0, 2, 10], [0, 4, -2]), Panel];
        var view = new ScatterView("points", Labels, panels);
        var svg = view.ToSvg();

        (panels[0].X[1], panels[0].Y[1], panels[1]) = (7, 7, panels[0]);

        Assert.Equal(svg, view.ToSvg());
    }

    [Fact]
    public void DigitsOfAThousandPointsDoNotLieOnEachOther()
    {
        var random = new Random(3);
        int[] labels = [.. Enumerable.Range(0, 1000).Select(_ => random.Next(10))];
        double[] Values() => [.. labels.Select(_ => random.NextDouble())];
        var svg = XElement.Parse(new ScatterView("points", labels, new ScatterPanel("plane", "x", "y", Values(), Values())).ToSvg());
        var digits = Digits(svg);
        var dots = svg.Descendants().Where(element => (string?)element.Attribute("stroke-linecap") == "round")
            .Sum(path => ((string)path.Attribute("d")!).Count(c => c == 'M'));
        Assert.Equal(1000, digits.Length + dots);
        Assert.All(digits, one => Assert.Single(digits, other => Math.Abs(one.X - other.X) < 6.8 && Math.Abs(one.Y - other.Y) < 8.8));
    }

    [Fact]
    public void PointsWithoutALabelAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new ScatterView("points", [1, 2], Panel));
        Assert.Throws<ArgumentException>(() => new ScatterView("points", [1, 2, 10], Panel));
        Assert.Throws<ArgumentException>(() => new ScatterView("points", Labels));
        Assert.Throws<ArgumentException>(() => new ScatterView("points", Labels, Panel with { X = [0, double.NaN, 1] }));
    }

    /// <summary>The digits that are points: texts whose letters each have a place of their own.</summary>
    private static (int Label, double X, double Y)[] Digits(XElement svg)
    {
        return
        [
            .. svg.Descendants()
                .Where(element => element.Name.LocalName == "text" && (string?)element.Parent!.Attribute("font-size") == "9")
                .SelectMany(text => text.Value.Zip(Places(text, "x"), Places(text, "y")))
                .Select(digit => (digit.First - '0', digit.Second, digit.Third)),
        ];

        static IEnumerable<double> Places(XElement text, string name) => ((string)text.Attribute(name)!).Split(' ')
            .Select(place => double.Parse(place, System.Globalization.CultureInfo.InvariantCulture));
    }
}
