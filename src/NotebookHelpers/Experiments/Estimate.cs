namespace NotebookHelpers;

/// <summary>A mean with its spread and a confidence interval (Student 1908).</summary>
/// <param name="Count">How many values.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">Of the sample: squares divided by count − 1.</param>
/// <param name="HalfWidth">The interval is mean ± this; NaN for a single value.</param>
public readonly record struct Estimate(int Count, double Mean, double StandardDeviation, double HalfWidth)
{
    /// <summary>The interval's lower end.</summary>
    public double Low => Mean - HalfWidth;

    /// <summary>The interval's upper end.</summary>
    public double High => Mean + HalfWidth;

    /// <summary>Estimates a mean: x̄ ± t·s/√n, with t of n − 1 degrees of freedom.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not above 0 and below 1.</exception>
    public static Estimate Of(IReadOnlyList<double> values, double confidence = 0.95)
    {
        StudentT.CheckConfidence(confidence);
        if (values.Count == 0)
            throw new ArgumentException("A mean needs at least one value, but there is none.", nameof(values));
        var mean = values.Average();
        if (values.Count == 1)
            return new Estimate(1, mean, double.NaN, double.NaN);
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        var t = StudentT.TwoSided(confidence, values.Count - 1);
        return new Estimate(values.Count, mean, deviation, t * deviation / Math.Sqrt(values.Count));
    }

    /// <summary>
    /// Estimates the difference of two means whose values do not belong together in pairs (Welch 1947): the variances of the two
    /// may differ, and the degrees of freedom are a fraction.
    /// </summary>
    /// <param name="values">At least one.</param>
    /// <param name="from">What they are compared with; at least one.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <returns>
    /// Its count is that of the smaller sample, its standard deviation that of one difference of two values; the half width is NaN
    /// where a sample has fewer than two.
    /// </returns>
    /// <exception cref="ArgumentException">A sample has no value.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not above 0 and below 1.</exception>
    public static Estimate OfDifference(IReadOnlyList<double> values, IReadOnlyList<double> from, double confidence = 0.95)
    {
        StudentT.CheckConfidence(confidence);
        var (one, other) = (Of(values), Of(from));
        double Share(Estimate estimate) => estimate.StandardDeviation * estimate.StandardDeviation / estimate.Count;
        var (a, b) = (Share(one), Share(other));
        var degrees = a + b == 0
            ? one.Count + other.Count - 2
            : (a + b) * (a + b) / (a * a / (one.Count - 1) + b * b / (other.Count - 1));
        var deviation = Math.Sqrt(one.StandardDeviation * one.StandardDeviation + other.StandardDeviation * other.StandardDeviation);
        var half = double.IsNaN(degrees) ? double.NaN : StudentT.TwoSided(confidence, degrees) * Math.Sqrt(a + b);
        return new Estimate(Math.Min(one.Count, other.Count), one.Mean - other.Mean, deviation, half);
    }
}
