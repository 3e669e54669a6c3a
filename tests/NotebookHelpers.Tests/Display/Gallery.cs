using static TorchSharp.torch.nn;

namespace NotebookHelpers.Tests.Display;

/// <summary>One of every view, as the lessons use it.</summary>
internal static class Gallery
{
    private static readonly double[,] Image = Reference.Matrix("hand_convolution.image");

    internal static IReadOnlyDictionary<string, Func<View>> Views { get; } = new Dictionary<string, Func<View>>
    {
        ["matrix"] = () => new MatrixView(Image, "image", [new(1, 1, 3, 3)]),
        ["matrices"] = () => MatrixView.Row(Image, "⋆", Kernels.SobelX, "=", Kernels.SobelY),
        ["digit"] = () => new MatrixView(Digit(28), "digit", tint: Tint.Ink),
        ["edges"] = () => new MatrixView(Waves(28), "edges"),
        ["convolution"] = () => Convolution.CrossCorrelate(Image, Kernels.VerticalLine, padding: Pad.Same),
        ["convolution window"] = () => Convolution.CrossCorrelate(Image, Kernels.VerticalLine, padding: Pad.Same)[2, 3],
        ["convolution view"] = () => new ConvolutionView(Convolution.CrossCorrelate(Image, Kernels.VerticalLine), "By hand"),
        ["convolution of a digit"] = () => new ConvolutionView(Convolution.CrossCorrelate(Digit(20), Kernels.VerticalLine, padding: 1)),
        ["matrix in ink"] = () => new MatrixView(new double[,] { { 0, 1 }, { 2, 1 } }, "In ink", tint: Tint.Ink),
        ["pooling"] = () => Pooling.Max(Image),
        ["pooling window"] = () => Pooling.Average(Image)[1, 1],
        ["pooling view"] = () => new PoolingView(Pooling.Max(Image)),
        ["settings"] = () => new HyperparameterView(6, 3, 2, 1),
        ["settings of AlexNet"] = () => HyperparameterView.Of(Conv2d(3, 64, 11, 4, 2), 224, 224),
        ["settings that cannot be"] = () => new HyperparameterView(6, 9, 2),
        ["softmax"] = () => new SoftmaxView([2, 1, 0.5, -3], ["cat", "dog", "owl", "fox"], "Animals"),
        ["digits"] = () => new DigitGrid(
            [.. Enumerable.Range(0, 6).Select(index => new DigitTile(Pixels(), 28, 28, $"{index} → 7, 98 %", index == 3))]),
        ["maps"] = () => new FeatureMaps([new(Waves(24), "0"), new(Waves(24, 0.02), "1"), new(new double[24, 24], "2")], "Feature maps"),
        ["maps over a digit"] = () => new FeatureMaps([new(Digit(28), "ink", Digit(28))], "What counts", unit: "drop of the logit"),
        ["diagram"] = () => ModelDiagram.Of(
            Sequential(("conv", Conv2d(1, 4, 3)), ("relu", ReLU()), ("flat", Flatten()), ("fc", Linear(2704, 10))), 1, 1, 28, 28),
        ["diagram with a dead layer"] = () => ModelDiagram.Of(new LeNet(LeNetOptions.AsPublished), 1, 1, 28, 28),
        ["scatter"] = Scatter,
        ["descent on a curve"] = () => new DescentView("One weight", "w", w => w * w, -4, 4,
            [new DescentPath("rate 0.1", [3.0, 2.4, 1.9]), new DescentPath("rate 1.1", [3.0, -3.6])]),
        ["descent on a surface"] = () => new DescentView("Two weights", "a", "b", (a, b) => a * a + 9 * b * b, (-2, 2), (-1, 1),
            [new DescentPath("rate 0.1", [(-1.5, 0.8), (-1.2, -0.6)])]),
        ["numbers"] = () => new NumberGraphView("Chain rule", [new("x", 2, 4, []), new("square", 4, 1, [new(0, 2), new(0, 2)])]),
        ["playground"] = () => new PlaygroundView(
            "Draw a digit", SampleDigits.Load().Test.Take(2), new PlaygroundModel("LeNet", new LeNet())),
        ["curves"] = () => Figure.Curves("Validation accuracy", "epochs completed", "accuracy (fraction)",
            Series.Of("ours", Published.AugmentedValidationAccuracy.Select(value => value - 0.001)),
            Series.Of("the article's", Published.AugmentedValidationAccuracy)),
        ["long curves"] = () => Figure.Curves("Loss by step", "step", "loss (nats)",
            Series.Of("loss", Enumerable.Range(1, 300).Select(i => 3.0 / i + 0.1 * Math.Sin(i)))),
        ["bars"] = () => Figure.Bars("Accuracy", "set", "accuracy (%)", ["MNIST", "Fashion"], ("train", [99, 95]), ("test", [98, 91])),
        ["intervals"] = () => Figure.Intervals(
            "What each ingredient adds to the baseline, over ten seeds, with the 95 % interval of the mean difference",
            "difference (points)", "variant",
            [.. Enumerable.Range(0, 12).Select(i => ($"variant number {i}", i / 6.0 - 1.2, i / 6.0 - 0.8, i / 6.0 - 0.4))]),
        ["dots"] = () => Figure.Dots("How many digits a second", "digits per second", "version",
            ("torch's conv2d", 146_000), ("four loops, in a cell", 700.4), ("spans", 9_050), ("fused with pooling", 370_000)),
        ["roofline"] = Roofline,
        ["confusion"] = () => Figure.Confusion("Mistakes", new[,] { { 90, 10, 0 }, { 0, 50, 3 }, { 1, 2, 70 } }),
        ["heat"] = () => Figure.Heatmap("A filter", "column", "row", ["0", "1", "2"], ["0", "1"],
            new[,] { { -1, 0, 0.5 }, { 0.2, -0.3, 1 } }, "weight"),
        ["other chart"] = () => Figure.FromPlotly("""[{"type":"pie","values":[1,2]}]""", """{"title":"A pie"}"""),
        ["table"] = () => new SummaryTable("Results", ["model", "errors"], [["LeNet", 93], ["with everything", 50]]),
        ["headline"] = () => new Headline("Test accuracy", "99.1 %"),
        ["progress"] = () => TrainingProgress.Waiting,
    };

    private static double[,] Digit(int side) => Fill(side, (row, column) =>
        Math.Abs(row - side / 2) < side / 4 && Math.Abs(column - side / 2) < 2 ? 1 : 0);

    private static double[,] Waves(int side, double size = 1) => Fill(side, (row, column) =>
        size * Math.Sin(row / 3.0) * Math.Cos(column / 4.0));

    private static byte[] Pixels() => [.. Digit(28).Cast<double>().Select(value => (byte)(255 * value))];

    private static double[,] Fill(int side, Func<int, int, double> value)
    {
        var filled = new double[side, side];
        for (var row = 0; row < side; row++)
            for (var column = 0; column < side; column++)
                filled[row, column] = value(row, column);
        return filled;
    }

    private static RooflineView Roofline()
    {
        Roof one = new("one thread", 105, 12), two = new("two threads", 200, 14);
        return new RooflineView("The convolution under the roof of this machine",
        [
            new("four loops, in a cell", 3.2, 0.11, one), new("four loops, in the library", 3.2, 1.5, one), new("spans", 3.2, 1.7, one),
            new("a vector of filters", 3.2, 21, one), new("seven sums at a time", 3.2, 30, one), new("fused with pooling", 10.2, 62, one),
            new("fused, two threads", 10.2, 110, two), new("torch's conv2d, max_pool2d", 2, 10, one),
        ]);
    }

    private static ScatterView Scatter()
    {
        var random = new Random(1);
        int[] labels = [.. Enumerable.Range(0, 1000).Select(_ => random.Next(10))];
        return new ScatterView("The last hidden layer in two dimensions", labels,
            Plane("before training", 0.4), Plane("after training: the classes lie apart", 3));

        ScatterPanel Plane(string title, double apart) => new(title, "first component", "second component",
            [.. labels.Select(label => apart * Math.Cos(label) * 3 + Normal())],
            [.. labels.Select(label => apart * Math.Sin(label) * 3 + Normal())]);

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
