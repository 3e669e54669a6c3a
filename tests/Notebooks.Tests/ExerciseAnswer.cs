namespace Notebooks.Tests;

/// <summary>One answer to an exercise, as C# that a reader might write in place of null.</summary>
internal sealed record ExerciseAnswer(string Lesson, int Exercise, bool IsRight, string Name, string Code)
{
    private const string Convolution = "01-convolution-by-hand.ipynb", Pooling = "02-pooling-by-hand.ipynb", Graph = "03-lenet-graph.ipynb",
        Experiments = "07-experiments.ipynb", Fast = "09-four-loops-fast.ipynb", WhereToGo = "10-where-to-go.ipynb";

    internal static IReadOnlyList<ExerciseAnswer> All { get; } =
    [
        Right(Convolution, 1, "number", "2"),
        Wrong(Convolution, 1, "right minus left", "-2"),
        Wrong(Convolution, 1, "true convolution's neighbour", "-7"),

        Right(Convolution, 2, "pair", "(28, 2)"),
        Wrong(Convolution, 2, "zeros on both sides together", "(28, 4)"),
        Wrong(Convolution, 2, "forgotten + 1", "(27, 2)"),

        Right(Convolution, 3, "3×3", "new double[,] { { 0, 0, 0 }, { 1, 0, 0 }, { 0, 0, 0 } }"),
        Right(Convolution, 3, "one row", "new double[,] { { 1, 0, 0 } }"),
        Right(Convolution, 3, "5×5",
            """
            new double[,]
            {
                { 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0 }, { 0, 1, 0, 0, 0 }, { 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0 },
            }
            """),
        Wrong(Convolution, 3, "to the left", "new double[,] { { 0, 0, 0 }, { 0, 0, 1 }, { 0, 0, 0 } }"),
        Wrong(Convolution, 3, "down", "new double[,] { { 0, 1, 0 }, { 0, 0, 0 }, { 0, 0, 0 } }"),
        Wrong(Convolution, 3, "not at all", "new double[,] { { 0, 0, 0 }, { 0, 1, 0 }, { 0, 0, 0 } }"),

        Right(Convolution, 4, "loops", Sliding("stride", "r * stride + i", "c * stride + j")),
        Right(Convolution, 4, "every n-th of stride 1",
            """
            (image, kernel, stride) =>
            {
                var all = Slide(image, kernel);
                var some = new double[(all.GetLength(0) - 1) / stride + 1, (all.GetLength(1) - 1) / stride + 1];
                for (int r = 0; r < some.GetLength(0); r++)
                    for (int c = 0; c < some.GetLength(1); c++)
                        some[r, c] = all[r * stride, c * stride];
                return some;
            }
            """),
        Right(Convolution, 4, "the library", "(image, kernel, stride) => Convolution.CrossCorrelate(image, kernel, stride).Values"),
        Wrong(Convolution, 4, "size with stride, reading without", Sliding("stride", "r + i", "c + j")),
        Wrong(Convolution, 4, "reading with stride, size without", Sliding("1", "r * stride + i", "c * stride + j")),
        Wrong(Convolution, 4, "rows only", Sliding("stride", "r * stride + i", "c + j")),
        Wrong(Convolution, 4, "stride forgotten", "(image, kernel, stride) => Slide(image, kernel)"),

        Right(Convolution, 5, "library", "(image, kernel) => Slide(image, Matrix.Turned(kernel))"),
        Right(Convolution, 5, "mended", Convolving("height - 1 - i", "width - 1 - j")),
        Wrong(Convolution, 5, "as given", Convolving("i", "width - 1 - j")),
        Wrong(Convolution, 5, "upside down only", Convolving("height - 1 - i", "j")),
        Wrong(Convolution, 5, "transposed",
            """
            (image, kernel) =>
            {
                var t = new double[kernel.GetLength(0), kernel.GetLength(1)];
                for (int i = 0; i < t.GetLength(0); i++)
                    for (int j = 0; j < t.GetLength(1); j++)
                        t[i, j] = kernel[j, i];
                return Slide(image, t);
            }
            """),
        Wrong(Convolution, 5, "negated",
            """
            (image, kernel) =>
            {
                var t = (double[,])kernel.Clone();
                for (int i = 0; i < t.GetLength(0); i++)
                    for (int j = 0; j < t.GetLength(1); j++)
                        t[i, j] = -t[i, j];
                return Slide(image, t);
            }
            """),

        Right(Pooling, 1, "pair", "(3, 1152)"),
        Wrong(Pooling, 1, "rounded up", "(4, 2048)"),
        Wrong(Pooling, 1, "depth forgotten", "(3, 9)"),

        Right(Pooling, 2, "quarters", "new double[,] { { 0.25, 0.25 }, { 0.25, 0.25 } }"),
        Right(Pooling, 2, "computed", "new double[,] { { 1 / 4.0, 1 / 4.0 }, { 1 / 4.0, 1 / 4.0 } }"),
        Wrong(Pooling, 2, "sum", "new double[,] { { 1, 1 }, { 1, 1 } }"),
        Wrong(Pooling, 2, "blur", "Kernels.Blur"),
        Wrong(Pooling, 2, "whole numbers divided", "new double[,] { { 1 / 4, 1 / 4 }, { 1 / 4, 1 / 4 } }"),

        Right(Pooling, 3, "pair", "(4, 4)"),
        Wrong(Pooling, 3, "size too small", "(3, 4)"),
        Wrong(Pooling, 3, "stride too small", "(4, 2)"),
        Wrong(Pooling, 3, "once", "(2, 2)"),
        Wrong(Pooling, 3, "no window", "(0, 4)"),

        Right(Pooling, 4, "loops", Unflattening("(d * height + r) * width + c")),
        Right(Pooling, 4, "running index",
            """
            (vector, depth, height, width) =>
            {
                int next = 0;
                var stack = Enumerable.Range(0, depth).Select(_ => new double[height, width]).ToArray();
                foreach (var map in stack)
                    for (int r = 0; r < height; r++)
                        for (int c = 0; c < width; c++)
                            map[r, c] = vector[next++];
                return stack;
            }
            """),
        Wrong(Pooling, 4, "channel last", Unflattening("(r * width + c) * depth + d")),
        Wrong(Pooling, 4, "height for width", Unflattening("(d * height + r) * height + c")),
        Wrong(Pooling, 4, "columns first", Unflattening("(d * width + c) * height + r")),

        Right(Pooling, 5, "mended", Pool("double.NegativeInfinity", "stride")),
        Right(Pooling, 5, "least number", Pool("double.MinValue", "stride")),
        Right(Pooling, 5, "the lesson's own", "MaxPool"),
        Wrong(Pooling, 5, "as given", Pool("0", "size")),
        Wrong(Pooling, 5, "only the stride mended", Pool("0", "stride")),
        Wrong(Pooling, 5, "only the start mended", Pool("double.NegativeInfinity", "size")),
        Wrong(Pooling, 5, "starts at the least positive number", Pool("double.Epsilon", "stride")),

        Right(Graph, 1, "pair", "(784, 229_534)"),
        Wrong(Graph, 1, "network as it was", "(576, 176_286)"),
        Wrong(Graph, 1, "one pooling replaced", "(576, 229_534)"),

        Right(Graph, 2, "number", "10"),
        Wrong(Graph, 2, "windows of 3", "13"),
        Wrong(Graph, 2, "jumps forgotten", "7"),

        Right(Graph, 3, "number", "136"),
        Wrong(Graph, 3, "no biases", "128"),
        Wrong(Graph, 3, "one bias for each input", "144"),

        Right(Graph, 4, "weights changed", Finder("network.parameters()", "network.call(images).allclose(before)")),
        Right(Graph, 4, "random weights",
            Finder("network.parameters()", "network.call(images).allclose(before)")
                .Replace("parameter.add_(100)", "parameter.normal_(0, 5)", StringComparison.Ordinal)),
        Right(Graph, 4, "gradient",
            """
            network =>
            {
                network.zero_grad();
                network.call(images).sum().backward();
                return network.parameters().Any(parameter => parameter.grad is null);
            }
            """),
        Right(Graph, 4, "diagram", "network => ModelDiagram.Of(network, 1, 1, 28, 28).ToText().Contains(\"dead\")"),
        Wrong(Graph, 4, "probabilities", Finder("network.parameters()", "network.call(images).softmax(1).allclose(before.softmax(1))")),
        Wrong(Graph, 4, "weights left changed",
            Finder("network.parameters()", "network.call(images).allclose(before)")
                .Replace("parameter.copy_(kept);", "", StringComparison.Ordinal)),
        Wrong(Graph, 4, "last layer only", Finder("network.parameters().TakeLast(2)", "network.call(images).allclose(before)")),
        Wrong(Graph, 4, "by name", "network => network.named_parameters().Any(p => p.name.StartsWith(\"fc2\"))"),
        Wrong(Graph, 4, "always", "network => true"),
        Wrong(Graph, 4, "gradient never asked for", "network => network.parameters().All(parameter => parameter.grad is null)"),

        Right(Graph, 5, "half the filters",
            Network("Conv2d(1, 6, 3, padding: 1)", "Conv2d(6, 12, 3, padding: 1)", "Linear(432, 100)", "(\"selu\", SELU()), ")),
        Right(Graph, 5, "one more convolution instead of fc1",
            """
            Sequential(("conv1", Conv2d(1, 8, 5, stride: 2)), ("relu", ReLU()), ("conv2", Conv2d(8, 16, 3, stride: 2)),
                ("conv3", Conv2d(16, 10, 5)), ("flatten", Flatten()))
            """),
        Wrong(Graph, 5, "LeNet-5 itself", "lenet5"),
        Wrong(Graph, 5, "ours", "new LeNet()"),
        Wrong(Graph, 5, "does not fit",
            Network("Conv2d(1, 6, 3, padding: 1)", "Conv2d(6, 12, 3, padding: 1)", "Linear(400, 100)", "(\"selu\", SELU()), ")),
        Wrong(Graph, 5, "few parameters, too much work",
            Network("Conv2d(1, 24, 3, padding: 1)", "Conv2d(24, 16, 3, padding: 1)", "Linear(576, 40)", "(\"selu\", SELU()), ")
                .Replace("Linear(100", "Linear(40", StringComparison.Ordinal)),
        Wrong(Graph, 5, "one convolution",
            """
            Sequential(("conv1", Conv2d(1, 6, 3)), ("pool1", MaxPool2d(4)), ("flatten", Flatten()), ("output", Linear(216, 10)))
            """),
        Wrong(Graph, 5, "nothing bends",
            """
            Sequential(("conv1", Conv2d(1, 4, 3, stride: 2)), ("conv2", Conv2d(4, 8, 3, stride: 2)), ("flatten", Flatten()),
                ("output", Linear(288, 10)))
            """),
        Wrong(Graph, 5, "nine logits",
            """
            Sequential(("conv1", Conv2d(1, 4, 3, stride: 2)), ("relu", ReLU()), ("conv2", Conv2d(4, 8, 3, stride: 2)),
                ("flatten", Flatten()), ("output", Linear(288, 9)))
            """),

        Right(Experiments, 1, "17", "17"),
        Wrong(Experiments, 1, "four times as many", "24"),
        Wrong(Experiments, 1, "twice as many", "12"),

        Right(Experiments, 2, "by hand", HalfWidth("(x.Length - 1)")),
        Right(Experiments, 2, "library", "x => Estimate.Of(x).HalfWidth"),
        Wrong(Experiments, 2, "1.96", "x => 1.96 * Estimate.Of(x).StandardDeviation / Math.Sqrt(x.Length)"),
        Wrong(Experiments, 2, "divided by n", HalfWidth("x.Length")),
        Wrong(Experiments, 2, "of one run", "x => StudentT.TwoSided(0.95, x.Length - 1) * Estimate.Of(x).StandardDeviation"),

        Right(Experiments, 3, "join",
            """
            (variant, baseline) => variant
                .Join(baseline, run => run.Seed, run => run.Seed, (a, b) => a.TestAccuracy - b.TestAccuracy).ToArray()
            """),
        Right(Experiments, 3, "query",
            """
            (variant, baseline) =>
                (from a in variant from b in baseline where a.Seed == b.Seed select a.TestAccuracy - b.TestAccuracy).ToArray()
            """),
        Wrong(Experiments, 3, "as given", ByPlace(".OrderBy(run => run.TestAccuracy)")),
        Wrong(Experiments, 3, "by place", ByPlace("")),
        Wrong(Experiments, 3, "ordered, though seeds are missing", ByPlace(".OrderBy(run => run.Seed)")),

        Right(Experiments, 4, "fraction", "2.0 / 1024"),
        Right(Experiments, 4, "decimal", "0.00195"),
        Wrong(Experiments, 4, "one side only", "1.0 / 1024"),
        Wrong(Experiments, 4, "in percent", "0.195"),

        Right(Experiments, 5, "small batches, one cycle",
            """
            small with
            {
                Training = new() { BatchSize = 32, Schedule = LearningRateSchedule.OneCycle, LearningRate = 0.003 },
            }
            """),
        Wrong(Experiments, 5, "hardly a step", "small with { Training = new() { LearningRate = 0.000001 } }"),
        Wrong(Experiments, 5, "more pictures", "small with { ImagesSeen = 10 * small.ImagesSeen }"),

        Right(Fast, 1, "row, filter, column", Walk("row < 28; row++", "filter < 16; filter++", "column < 28; column++")),
        Right(Fast, 1, "column, filter, row", Walk("column < 28; column++", "filter < 16; filter++", "row < 28; row++")),
        Wrong(Fast, 1, "filter innermost", Walk("row < 28; row++", "column < 28; column++", "filter < 16; filter++")),
        Wrong(Fast, 1, "filter outermost", Walk("filter < 16; filter++", "column < 28; column++", "row < 28; row++")),
        Wrong(Fast, 1, "a filter forgotten", Walk("row < 28; row++", "filter < 15; filter++", "column < 28; column++")),

        Right(Fast, 2, "number", "12_544"),
        Wrong(Fast, 2, "as with the larger cache", "784"),
        Wrong(Fast, 2, "half", "6_272"),

        // Exercise 4 asks for a time of the machine, so no answer to it is right everywhere.
        Right(Fast, 3, "sum at a time", Averaging("/ 9")),
        Wrong(Fast, 3, "sum in place of the average", Averaging("")),
        Wrong(Fast, 3, "largest",
            Averaging("/ 9").Replace("result[at] += sum / 9", "result[at] = Math.Max(result[at], sum)", StringComparison.Ordinal)),
        Wrong(Fast, 3, "stride of 3", Averaging("/ 9").Replace("2 * row", "3 * row", StringComparison.Ordinal)),
        Wrong(Fast, 3, "too short", "(digit, filters) => new float[13 * 13]"),

        Right(WhereToGo, 1, "fraction", "27.0 / 49"),
        Right(WhereToGo, 1, "decimal", "0.551"),
        Wrong(WhereToGo, 1, "one of the three", "9.0 / 49"),
        Wrong(WhereToGo, 1, "the wrong way round", "49.0 / 27"),

        Right(WhereToGo, 2, "relu of the sum", "(block, x) => functional.relu(x + block.call(x))"),
        Right(WhereToGo, 2, "clamped", "(block, x) => (block.call(x) + x).clamp_min(0)"),
        Wrong(WhereToGo, 2, "as given", "(block, x) => functional.relu(block.call(x)) + functional.relu(block.call(x))"),
        Wrong(WhereToGo, 2, "activation before the sum", "(block, x) => x + functional.relu(block.call(x))"),
        Wrong(WhereToGo, 2, "no activation", "(block, x) => x + block.call(x)"),

        Right(WhereToGo, 3, "the last child's", "network => network.children().Last().parameters()"),
        Right(WhereToGo, 3, "the last two", "network => network.parameters().TakeLast(2)"),
        Wrong(WhereToGo, 3, "all", "network => network.parameters()"),
        Wrong(WhereToGo, 3, "the first child's", "network => network.children().First().parameters()"),

        .. TrainingAnswers.All,
    ];

    internal static ExerciseAnswer Right(string lesson, int exercise, string name, string code) => new(lesson, exercise, true, name, code);

    internal static ExerciseAnswer Wrong(string lesson, int exercise, string name, string code) => new(lesson, exercise, false, name, code);

    private static string Walk(string outer, string middle, string inner) =>
        $$"""
        () =>
        {
            var walk = new List<int>();
            for (int {{outer[..outer.IndexOf(' ')]}} = 0; {{outer}})
                for (int {{middle[..middle.IndexOf(' ')]}} = 0; {{middle}})
                    for (int {{inner[..inner.IndexOf(' ')]}} = 0; {{inner}})
                        walk.Add((row * 28 + column) * 16 + filter);
            return walk;
        }
        """;

    private static string Averaging(string share) =>
        $$"""
        (digit, filters) =>
        {
            var result = new float[13 * 13 * 16];
            for (int row = 0; row < 13; row++)
                for (int column = 0; column < 13; column++)
                    for (int filter = 0; filter < 12; filter++)
                        for (int place = 0; place < 81; place++)
                        {
                            int y = 2 * row + place / 27 + place / 3 % 3 - 1, x = 2 * column + place / 9 % 3 + place % 3 - 1;
                            int at = (row * 13 + column) * 16 + filter;
                            float sum = y >= 0 && y < 28 && x >= 0 && x < 28 ? filters[filter, place / 3 % 3, place % 3] * digit[y, x] : 0;
                            result[at] += sum {{share}};
                        }
            return result;
        }
        """;

    private static string Sliding(string step, string row, string column) =>
        $$"""
        (image, kernel, stride) =>
        {
            int height = (image.GetLength(0) - kernel.GetLength(0)) / {{step}} + 1;
            int width = (image.GetLength(1) - kernel.GetLength(1)) / {{step}} + 1;
            var output = new double[height, width];
            for (int r = 0; r < height; r++)
                for (int c = 0; c < width; c++)
                    for (int i = 0; i < kernel.GetLength(0); i++)
                        for (int j = 0; j < kernel.GetLength(1); j++)
                            output[r, c] += kernel[i, j] * image[{{row}}, {{column}}];
            return output;
        }
        """;

    private static string Convolving(string row, string column) =>
        $$"""
        (image, kernel) =>
        {
            int height = kernel.GetLength(0), width = kernel.GetLength(1);
            var turned = new double[height, width];
            for (int i = 0; i < height; i++)
                for (int j = 0; j < width; j++)
                    turned[i, j] = kernel[{{row}}, {{column}}];
            return Slide(image, turned);
        }
        """;

    private static string Unflattening(string index) =>
        $$"""
        (vector, depth, height, width) =>
        {
            var stack = new double[depth][,];
            for (int d = 0; d < depth; d++)
            {
                stack[d] = new double[height, width];
                for (int r = 0; r < height; r++)
                    for (int c = 0; c < width; c++)
                        stack[d][r, c] = vector[{{index}}];
            }
            return stack;
        }
        """;

    private static string Pool(string start, string step) =>
        $$"""
        (image, size, stride) =>
        {
            int height = (image.GetLength(0) - size) / stride + 1;
            int width = (image.GetLength(1) - size) / stride + 1;
            var output = new double[height, width];
            for (int r = 0; r < height; r++)
                for (int c = 0; c < width; c++)
                {
                    output[r, c] = {{start}};
                    for (int i = 0; i < size; i++)
                        for (int j = 0; j < size; j++)
                            output[r, c] = Math.Max(output[r, c], image[r * {{step}} + i, c * {{step}} + j]);
                }
            return output;
        }
        """;

    private static string Finder(string parameters, string isSame) =>
        $$"""
        network =>
        {
            using (no_grad())
            using (NewDisposeScope())
            {
                var before = network.call(images);
                foreach (var parameter in {{parameters}})
                {
                    var kept = parameter.clone();
                    parameter.add_(100);
                    bool isDead = {{isSame}};
                    parameter.copy_(kept);
                    if (isDead)
                        return true;
                }
                return false;
            }
        }
        """;

    private static string HalfWidth(string degreesOfFreedom) =>
        "x => StudentT.TwoSided(0.95, x.Length - 1) * "
        + $"Math.Sqrt(x.Sum(v => Math.Pow(v - x.Average(), 2)) / {degreesOfFreedom} / x.Length)";

    private static string ByPlace(string order) =>
        $"(variant, baseline) => variant{order}.Zip(baseline{order}, (a, b) => a.TestAccuracy - b.TestAccuracy).ToArray()";

    private static string Network(string conv1, string conv2, string fc1, string bend) =>
        $$"""
        Sequential(("conv1", {{conv1}}), ("pool1", MaxPool2d(3, stride: 2)), ("conv2", {{conv2}}), ("pool2", MaxPool2d(3, stride: 2)),
            ("flatten", Flatten()), ("fc1", {{fc1}}), {{bend}}("output", Linear(100, 10)))
        """;
}
