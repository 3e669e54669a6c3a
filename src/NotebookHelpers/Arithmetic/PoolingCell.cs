namespace NotebookHelpers;

/// <summary>A cell of the image under a pooling window.</summary>
/// <param name="Row">Its row in the image.</param>
/// <param name="Column">Its column in the image.</param>
/// <param name="Value">Its value.</param>
public readonly record struct PoolingCell(int Row, int Column, double Value);
