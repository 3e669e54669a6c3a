namespace NotebookHelpers;

/// <summary>The way that a descent took over a loss: where the weights stood before the first step and after each.</summary>
public sealed class DescentPath
{
    /// <summary>A descent of one weight.</summary>
    /// <param name="name">What tells it from the other paths, such as its learning rate.</param>
    /// <param name="weights">The weight before the first step and after each; from a value that is not finite on, none.</param>
    /// <exception cref="ArgumentException">There is no weight, or the first one is not finite.</exception>
    public DescentPath(string name, IReadOnlyList<double> weights) : this(name, [.. weights.Select(weight => (weight, 0.0))])
    {
    }

    /// <summary>A descent of two weights.</summary>
    /// <param name="name">What tells it from the other paths, such as its learning rate.</param>
    /// <param name="weights">Both weights before the first step and after each; from one that is not finite on, none.</param>
    /// <exception cref="ArgumentException">There is no pair of weights, or the first one is not finite.</exception>
    public DescentPath(string name, IReadOnlyList<(double First, double Second)> weights)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(weights);
        Name = name;
        Weights = [.. weights.TakeWhile(point => double.IsFinite(point.First) && double.IsFinite(point.Second))];
        if (Weights.Count == 0)
            throw new ArgumentException(
                $"The path '{name}' has no finite start. Give the weights before the first step, then those after each.", nameof(weights));
    }

    /// <summary>What tells it from the other paths.</summary>
    public string Name { get; }

    /// <summary>The weights, the second one 0 where there is one only.</summary>
    internal IReadOnlyList<(double First, double Second)> Weights { get; }
}
