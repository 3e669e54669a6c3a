using System.Globalization;

namespace NotebookHelpers;

/// <summary>What a model says about a set, image by image, and how often it is right.</summary>
public sealed class EvaluationResult : View
{
    private readonly float[] _probabilities;

    internal EvaluationResult(DigitSet set, double loss, int[] labels, int[] predictions, float[] probabilities)
    {
        (Set, Loss, Labels, Predictions, _probabilities) = (set, loss, labels, predictions, probabilities);
        float[] confidences = [.. predictions.Select((prediction, image) => ProbabilitiesOf(image)[prediction])];
        Confidences = confidences;
        Confusion = new int[set.Classes.Count, set.Classes.Count];
        for (var image = 0; image < labels.Length; image++)
            Confusion[labels[image], predictions[image]]++;
        Mistakes = [.. Enumerable.Range(0, labels.Length)
            .Where(image => predictions[image] != labels[image])
            .OrderByDescending(image => confidences[image])];
    }

    /// <summary>The set that was evaluated.</summary>
    public DigitSet Set { get; }

    /// <summary>Mean cross-entropy, in nats.</summary>
    public double Loss { get; }

    /// <summary>The fraction of the images whose predicted class is the true one, from 0 to 1.</summary>
    public double Accuracy => (double)(Labels.Count - Mistakes.Count) / Labels.Count;

    /// <summary>The true class of each image.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>The predicted class of each image: the argmax of its logits.</summary>
    public IReadOnlyList<int> Predictions { get; }

    /// <summary>The probability (softmax) that the model gives each prediction, from 0 to 1.</summary>
    public IReadOnlyList<float> Confidences { get; }

    /// <summary>The images with a wrong prediction, by their index in the set, the most confident first.</summary>
    public IReadOnlyList<int> Mistakes { get; }

    /// <summary>How many images of each true class (row) were predicted as each class (column).</summary>
    public int[,] Confusion { get; }

    /// <summary>
    /// The classes that the model thinks likeliest for an image, with their probabilities (softmax, 0 to 1), the likeliest first.
    /// </summary>
    /// <param name="image">The image's index in the set.</param>
    /// <param name="count">How many classes, at least 1; all, where there are not so many.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image, or the count is below 1.</exception>
    public IReadOnlyList<(int Class, float Probability)> Guesses(int image, int count = 3)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(image, Labels.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        // Of equally likely classes the prediction comes first.
        return [.. ProbabilitiesOf(image).ToArray().Select((probability, label) => (Class: label, Probability: probability))
            .OrderByDescending(guess => guess.Probability).ThenBy(guess => guess.Class != Predictions[image]).Take(count)];
    }

    /// <summary>Shows images with their true class, the predicted one and the likeliest guesses below.</summary>
    /// <param name="images">The images' indices in the set, row by row.</param>
    /// <param name="guesses">How many guesses stand below each image, at least 1.</param>
    /// <param name="columns">How many images stand side by side.</param>
    /// <param name="title">What the grid shows; left out, it says how many images there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image, or a number is below 1.</exception>
    public DigitGrid Grid(IEnumerable<int> images, int guesses = 3, int columns = 8, string? title = null)
    {
        return new DigitGrid(images.Select(Tile), columns, title);

        DigitTile Tile(int image)
        {
            var (label, prediction) = (Labels[image], Predictions[image]);
            var lines = Guesses(image, guesses).Select(guess => string.Create(
                CultureInfo.InvariantCulture, $"{Set.Classes[guess.Class]}: {100 * guess.Probability:0.0} %"));
            return new DigitTile(Set.Pixels(image), Set.Height, Set.Width,
                string.Join('\n', lines.Prepend($"{Set.Classes[label]} → {Set.Classes[prediction]}")), Wrong: label != prediction);
        }
    }

    private ReadOnlySpan<float> ProbabilitiesOf(int image) => _probabilities.AsSpan(image * Set.Classes.Count, Set.Classes.Count);

    /// <inheritdoc />
    public override string ToText() => string.Create(CultureInfo.InvariantCulture,
        $"{Set.Name} {Set.Split}: accuracy {Accuracy:0.0000} ({Mistakes.Count} mistakes in {Labels.Count:#,0} images), loss {Loss:0.0000}");

    /// <inheritdoc />
    public override string ToHtml() => $"<p>{Html.Encode(ToText())}</p>";
}
