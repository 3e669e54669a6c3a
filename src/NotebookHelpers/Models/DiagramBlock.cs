using System.Globalization;

namespace NotebookHelpers;

/// <summary>Whether the result depends on a layer.</summary>
internal enum BlockState
{
    /// <summary>It does.</summary>
    Live,

    /// <summary>It ran, but its output is ignored.</summary>
    Dead,

    /// <summary>It is a part of the model that was not called.</summary>
    NeverRun,

    /// <summary>The trace cannot see whether it was called.</summary>
    Unseen,
}

/// <summary>A call of a layer in a <see cref="ModelDiagram"/>.</summary>
/// <param name="Name">The layer's name in the model.</param>
/// <param name="Kind">Its class.</param>
/// <param name="Shape">What it put out, batch first; nothing for a layer that was not called.</param>
/// <param name="Parameters">Its own, counted once.</param>
/// <param name="Sources">The blocks that it read.</param>
/// <param name="State">Whether the result depends on it.</param>
internal sealed record DiagramBlock(
    string Name, string Kind, long[] Shape, long Parameters, IReadOnlyList<int> Sources, BlockState State)
{
    internal bool IsMaps => Shape.Length > 2;

    internal bool IsDead => State is BlockState.Dead or BlockState.NeverRun;

    internal long Channels => Shape.Skip(1).SkipLast(IsMaps ? 2 : 0).Aggregate(1L, (product, size) => product * size);

    internal long Height => Shape[^2];

    internal long Width => Shape[^1];

    internal string Size => Shape.Length switch
    {
        0 => "",
        1 => "1",
        _ => string.Join("×", Shape.Skip(1).Select(size => size.ToString("#,0", CultureInfo.InvariantCulture))),
    };

    internal string Weights => Parameters == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Parameters:#,0} parameters");

    internal string Note => State switch
    {
        BlockState.Dead => "dead: the result ignores it",
        BlockState.NeverRun => "dead: never run",
        BlockState.Unseen => "not traced",
        _ => "",
    };

    /// <summary>What stands below the name.</summary>
    internal IEnumerable<string> Lines => new[] { Size, Weights, Note }.Where(line => line.Length > 0);
}
