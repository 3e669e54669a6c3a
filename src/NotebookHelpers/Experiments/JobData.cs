namespace NotebookHelpers;

/// <summary>The images of one job: drawn by its seed, augmented, and enough for its budget.</summary>
/// <param name="Train">What is trained on.</param>
/// <param name="Validation">What the epoch is chosen by; null where nothing is held out.</param>
/// <param name="Epochs">Passes over <paramref name="Train"/> that each network makes.</param>
internal sealed record JobData(DigitSet Train, DigitSet? Validation, int Epochs)
{
    /// <summary>Draws the images.</summary>
    /// <exception cref="ArgumentException">They do not fit the data set, or not the budget; the message names the option.</exception>
    internal static JobData Of(ExperimentOptions options, int seed, DigitData data)
    {
        if (options.ValidationImages + (options.TrainImages ?? 1) > data.Train.Count)
            throw new ArgumentException(
                $"trainImages {options.TrainImages?.ToString() ?? "(all)"} and validationImages {options.ValidationImages} do not fit "
                + $"{data.Name}, which has {data.Train.Count} for both.");
        var (rest, validation) = options.ValidationImages == 0
            ? (data.Train, (DigitSet?)null)
            : data.Train.Validation(options.ValidationImages, seed);
        var drawn = options.TrainImages is { } count && count < rest.Count ? rest.Validation(rest.Count - count, seed).Train : rest;
        var train = drawn.Augmented(options.Augmentations);
        return new JobData(train, validation, EpochsOf(options, train.Count));
    }

    private static int EpochsOf(ExperimentOptions options, int images)
    {
        var one = (long)images * options.Members;
        return options.ImagesSeen > 0 && options.ImagesSeen % one == 0
            ? (int)(options.ImagesSeen / one)
            : throw new ArgumentException(
                $"imagesSeen, the budget of {options.ImagesSeen} images, is no whole number of epochs of {images} images"
                + $"{(options.Members > 1 ? $" for each of {options.Members} networks" : "")}.");
    }
}
