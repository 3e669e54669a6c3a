namespace NotebookHelpers;

/// <summary>Student's t distribution.</summary>
public static class StudentT
{
    /// <summary>
    /// The t within which, on both sides of 0, a share of the distribution lies: 2.776 for 0.95 and 4 degrees of freedom.
    /// </summary>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <param name="degreesOfFreedom">At least 1; Welch's interval has a fraction of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static double TwoSided(double confidence, double degreesOfFreedom)
    {
        CheckConfidence(confidence);
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        // With t = √ν·tan θ the density becomes cos^(ν−1) θ on (−π/2, π/2): no infinite range, no gamma function.
        // It is about 1/√ν wide, and nothing is left of it 40 times as far out.
        const int Steps = 2000;
        var width = Math.Min(Math.PI / 2, 40 / Math.Sqrt(degreesOfFreedom)) / Steps;
        var areas = new double[Steps + 1];   // from 0 to each step
        for (var step = 0; step < Steps; step++)
            areas[step + 1] = areas[step] + Area(step * width, (step + 1) * width, degreesOfFreedom - 1);
        var wanted = confidence * areas[Steps];
        var whole = Array.FindLastIndex(areas, area => area < wanted);
        var (low, high) = (whole * width, (whole + 1) * width);
        for (var halving = 0; halving < 50; halving++)
        {
            var middle = (low + high) / 2;
            (low, high) = areas[whole] + Area(whole * width, middle, degreesOfFreedom - 1) < wanted ? (middle, high) : (low, middle);
        }
        return Math.Sqrt(degreesOfFreedom) * Math.Tan((low + high) / 2);
    }

    // Simpson's rule for cos^power.
    private static double Area(double start, double end, double power)
    {
        double At(double angle) => Math.Pow(Math.Max(0, Math.Cos(angle)), power);
        return (end - start) / 6 * (At(start) + 4 * At((start + end) / 2) + At(end));
    }

    /// <exception cref="ArgumentOutOfRangeException">The confidence is not above 0 and below 1.</exception>
    internal static void CheckConfidence(double confidence)
    {
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence is above 0 and below 1, such as 0.95.");
    }
}
