namespace NotebookHelpers;

/// <summary>The figures that the article behind this workbook reports, to be drawn beside our own.</summary>
public static class Published
{
    /// <summary>
    /// Validation accuracy (a fraction) after each of 30 epochs, 0 to 29, with batch normalisation, dropout and
    /// augmented training data. The article's "validation" set is its test set.
    /// </summary>
    public static IReadOnlyList<double> AugmentedValidationAccuracy { get; } =
    [
        0.9880, 0.9911, 0.9918, 0.9915, 0.9924, 0.9928, 0.9902, 0.9929, 0.9946, 0.9930,
        0.9935, 0.9937, 0.9941, 0.9933, 0.9941, 0.9932, 0.9932, 0.9933, 0.9929, 0.9932,
        0.9932, 0.9942, 0.9942, 0.9937, 0.9937, 0.9934, 0.9947, 0.9947, 0.9943, 0.9950,
    ];

    /// <summary>The best validation accuracy (a fraction) of the baseline's 20 epochs, reached at epoch 19.</summary>
    public const double BaselineBest = 0.9907;
}
