using System.Numerics;

namespace NotebookHelpers;

/// <summary>What options ask of their values.</summary>
internal static class Require
{
    /// <summary>The value, if it is large enough.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    internal static T AtLeast<T>(T least, T value, string name) where T : INumber<T> =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}.");

    /// <summary>The value, if it is a share that leaves something: at least 0 and below 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    internal static double Fraction(double value, string name, string example) => value is >= 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} is a fraction: at least 0 and below 1, such as {example}.");
}
