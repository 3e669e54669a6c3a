using static Notebooks.Tests.ExerciseAnswer;

namespace Notebooks.Tests;

/// <summary>Answers to the exercises of the lessons that train or look into what was trained.</summary>
internal static class TrainingAnswers
{
    private const string Learning = "04-learning-by-hand.ipynb", Baseline = "05-baseline-training.ipynb",
        Better = "06-augmentation-batchnorm-dropout.ipynb", Inside = "08-inside-the-network.ipynb";

    // No more for one exercise of lesson 6 than are needed: every set of answers costs a training there, for the baseline.
    internal static IReadOnlyList<ExerciseAnswer> All { get; } =
    [
        Right(Learning, 1, "fraction", "1.0 / 25"),
        Right(Learning, 1, "decimal", "0.04"),
        Wrong(Learning, 1, "the pixel as it was", "1.0 / 9"),
        Wrong(Learning, 1, "where it arrives in one step", "0.02"),

        Right(Learning, 2, "number", "6"),
        Wrong(Learning, 2, "the target as it was", "-6"),
        Wrong(Learning, 2, "the error", "3"),

        Right(Learning, 3, "shared among the window", Spreading("/ (size * size)")),
        Wrong(Learning, 3, "all to each", Spreading("")),
        Wrong(Learning, 3, "shared among a side", Spreading("/ size")),
        Wrong(Learning, 3, "to the window's corner, as to a winner",
            Spreading("").Replace("gradient[r / size", "(r % size + c % size > 0 ? 0 : 1) * gradient[r / size", StringComparison.Ordinal)),

        Right(Learning, 4, "mended", "(a, b, rate) => { var s = Gradient2(a, b); return (a - rate * s.A, b - rate * s.B); }"),
        Wrong(Learning, 4, "as given",
            "(a, b, rate) => { a = a + rate * Gradient2(a, b).A; b = b + rate * Gradient2(a, b).B; return (a, b); }"),
        Wrong(Learning, 4, "only the sign mended",
            "(a, b, rate) => { a = a - rate * Gradient2(a, b).A; b = b - rate * Gradient2(a, b).B; return (a, b); }"),
        Wrong(Learning, 4, "only the order mended",
            "(a, b, rate) => { var s = Gradient2(a, b); return (a + rate * s.A, b + rate * s.B); }"),

        Right(Learning, 5, "small batches", "(2, 0.5, 0)"),
        Wrong(Learning, 5, "the baseline", "(16, 0.5, 0)"),
        Wrong(Learning, 5, "hardly a step", "(2, 0.0001, 0)"),
        Wrong(Learning, 5, "more digits than there may be", "(320, 0.5, 0)"),

        Right(Baseline, 1, "logarithm", "Math.Log(26)"),
        Right(Baseline, 1, "decimal", "3.258"),
        Wrong(Baseline, 1, "of ten digits", "Math.Log(10)"),
        Wrong(Baseline, 1, "to base 10", "Math.Log10(26)"),

        Right(Baseline, 2, "mended", Step("o.zero_grad();", CrossEntropy, "o.step();")),
        Right(Baseline, 2, "softmax and loss apart, gradients emptied last",
            Step("functional.nll_loss(functional.log_softmax(m.call(b.Images), 1), b.Labels).backward();", "o.step();", "o.zero_grad();")),
        Wrong(Baseline, 2, "as given", Step("", "o.step();", TwiceSoftmax)),
        Wrong(Baseline, 2, "gradients add up", Step("", CrossEntropy, "o.step();")),
        Wrong(Baseline, 2, "softmax twice", Step("o.zero_grad();", TwiceSoftmax, "o.step();")),
        Wrong(Baseline, 2, "step before the gradient", Step("o.zero_grad();", "o.step();", CrossEntropy)),

        Right(Baseline, 3, "number", "990_000"),
        Wrong(Baseline, 3, "for a tenth of a point", "9_900"),
        Wrong(Baseline, 3, "not squared", "99"),

        Right(Baseline, 4, "place of the largest", "accuracies => accuracies.ToList().IndexOf(accuracies.Max()) + 1"),
        Right(Baseline, 4, "epoch of the largest", "a => Enumerable.Range(1, a.Count).MaxBy(epoch => a[epoch - 1])"),
        Wrong(Baseline, 4, "counted from 0", "a => a.ToList().IndexOf(a.Max())"),
        Wrong(Baseline, 4, "the latest of equals", "a => a.ToList().LastIndexOf(a.Max()) + 1"),
        Wrong(Baseline, 4, "the last", "a => a.Count"),

        Right(Baseline, 5, "small batches", "(8, 0.001)"),
        Wrong(Baseline, 5, "the baseline", "(128, 0.001)"),
        Wrong(Baseline, 5, "steps too large", "(16, 1)"),

        Right(Better, 1, "all", "1"),
        Wrong(Better, 1, "those that train", "0.9"),
        Wrong(Better, 1, "those held out", "0.1"),

        Right(Better, 2, "computed", "1 - Math.Pow(0.9, 50)"),
        Right(Better, 2, "decimal", "0.995"),
        Wrong(Better, 2, "what is missing", "Math.Pow(0.9, 50)"),
        Wrong(Better, 2, "all", "1"),

        Right(Better, 3, "mended", "(values, kept, p) => values.Select((value, i) => kept[i] ? value / (1 - p) : 0).ToArray()"),
        Wrong(Better, 3, "not scaled", "(values, kept, p) => values.Select((value, i) => kept[i] ? value : 0).ToArray()"),
        Wrong(Better, 3, "scaled by what is dropped",
            "(values, kept, p) => values.Select((value, i) => kept[i] ? value / p : 0).ToArray()"),
        Wrong(Better, 3, "left out",
            "(values, kept, p) => values.Where((value, i) => kept[i]).Select(value => value / (1 - p)).ToArray()"),

        Right(Better, 4, "mended", Accuracy("model.eval();", "right / set.Count")),
        Right(Better, 4, "the library", "(model, set) => Evaluation.Of(model, set).Accuracy"),
        Wrong(Better, 4, "in training mode", Accuracy("", "right / set.Count")),
        Wrong(Better, 4, "every batch weighs the same", Accuracy("model.eval();", "shares.Average()")),

        Right(Better, 5, "shifts", "[.. Augmentation.Shifts]"),
        Wrong(Better, 5, "nothing", "[]"),
        Wrong(Better, 5, "flips", "[Augmentation.FlipHorizontal, Augmentation.FlipVertical]"),

        Right(Inside, 1, "pair", "(108, 1_728)"),
        Wrong(Inside, 1, "one map", "(9, 144)"),
        Wrong(Inside, 1, "with biases", "(109, 1_744)"),

        Right(Inside, 2, "number", "64"),
        Wrong(Inside, 2, "forgotten + 1", "49"),
        Wrong(Inside, 2, "every place", "784"),

        Right(Inside, 3, "fraction", "2.0 / 100"),
        Right(Inside, 3, "decimal", "0.02"),
        Wrong(Inside, 3, "one direction", "0.01"),
        Wrong(Inside, 3, "in percent", "2"),

        Right(Inside, 4, "mended", Forward("functional.selu(", ")")),
        Right(Inside, 4, "the network itself", "(model, x) => model.call(x)"),
        Wrong(Inside, 4, "as given", Forward("", "")),
        Wrong(Inside, 4, "another activation", Forward("functional.relu(", ")")),
        Wrong(Inside, 4, "probabilities", "(model, x) => model.call(x).softmax(1)"),

        Right(Inside, 5, "logits", "images => network.call(images)"),
        Right(Inside, 5, "probabilities", "images => network.call(images).softmax(1)"),
        Wrong(Inside, 5, "the baseline", "images => functional.avg_pool2d(images, 7).flatten(1)"),
        Wrong(Inside, 5, "too many numbers", "images => Embedding(network, images)"),
    ];

    private const string CrossEntropy = "functional.cross_entropy(m.call(b.Images), b.Labels).backward();",
        TwiceSoftmax = "functional.cross_entropy(m.call(b.Images).softmax(1), b.Labels).backward();";

    private static string Step(params string[] statements) => $"(m, o, b) => {{ {string.Join(' ', statements)} }}";

    private static string Spreading(string share) =>
        $$"""
        (gradient, size) =>
        {
            var wide = new double[gradient.GetLength(0) * size, gradient.GetLength(1) * size];
            for (int r = 0; r < wide.GetLength(0); r++)
                for (int c = 0; c < wide.GetLength(1); c++)
                    wide[r, c] = gradient[r / size, c / size] {{share}};
            return wide;
        }
        """;

    private static string Accuracy(string mode, string answer) =>
        $$"""
        (model, set) =>
        {
            {{mode}}
            double right = 0;
            var shares = new List<double>();
            foreach (var batch in new Batches(set, 128).Epoch(0))
            {
                var read = model.call(batch.Images).argmax(1).eq(batch.Labels).to(ScalarType.Float32);
                right += read.sum().item<float>();
                shares.Add(read.mean().item<float>());
            }
            return {{answer}};
        }
        """;

    private static string Forward(string before, string after) =>
        $$"""
        (model, x) => model.output.call({{before}}model.fc2.call(functional.selu(model.fc1.call(
            model.flatten.call(model.pool2.call(model.conv2.call(model.pool1.call(model.conv1.call(x))))))){{after}}))
        """;
}
