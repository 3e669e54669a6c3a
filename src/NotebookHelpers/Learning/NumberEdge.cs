namespace NotebookHelpers;

/// <summary>What one number owes to another that it was computed from.</summary>
/// <param name="From">The other one's index in the list of nodes; it stands earlier in it.</param>
/// <param name="Slope">The local slope: how fast this number grows when the other one grows.</param>
public readonly record struct NumberEdge(int From, double Slope);
