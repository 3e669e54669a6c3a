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
    public static Estimate Of(IReadOnlyList<double> values, double confidence = 0.95)
    {
        if (values.Count == 0)
            throw new ArgumentException("A mean needs at least one value, but there is none.", nameof(values));
        var mean = values.Average();
        if (values.Count == 1)
            return new Estimate(1, mean, double.NaN, double.NaN);
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        return new Estimate(values.Count, mean, deviation, StudentT.TwoSided(confidence, values.Count - 1) * deviation / Math.Sqrt(values.Count));
    }
}

/// <summary>Student's t distribution.</summary>
public static class StudentT
{
    /// <summary>The t within which, on both sides of 0, a share of the distribution lies: 2.776 for 0.95 and 4 degrees of freedom.</summary>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <param name="degreesOfFreedom">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static double TwoSided(double confidence, int degreesOfFreedom)
    {
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence is above 0 and below 1, such as 0.95.");
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        // With t = √ν·tan θ the density becomes cos^(ν−1) θ on (−π/2, π/2): no infinite range, no gamma function.
        var whole = Integral(Math.PI / 2, degreesOfFreedom - 1);
        var (low, high) = (0.0, Math.PI / 2);
        for (var halving = 0; halving < 60; halving++)
        {
            var middle = (low + high) / 2;
            (low, high) = Integral(middle, degreesOfFreedom - 1) < confidence * whole ? (middle, high) : (low, middle);
        }
        return Math.Sqrt(degreesOfFreedom) * Math.Tan((low + high) / 2);
    }

    // Simpson's rule for cos^power from 0 to end.
    private static double Integral(double end, int power)
    {
        const int Steps = 2000;
        var sum = 0.0;
        for (var step = 0; step <= Steps; step++)
            sum += (step is 0 or Steps ? 1 : step % 2 == 1 ? 4 : 2) * Math.Pow(Math.Cos(end * step / Steps), power);
        return sum * end / Steps / 3;
    }
}
