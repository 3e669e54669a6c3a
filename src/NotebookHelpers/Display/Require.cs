using System.Numerics;

namespace NotebookHelpers;

/// <summary>What options ask of their values.</summary>
internal static class Require
{
    /// <summary>The value, if it is large enough.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    internal static T AtLeast<T>(T least, T value, string name) where T : INumber<T> =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}.");
}
