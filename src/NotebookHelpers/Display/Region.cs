namespace NotebookHelpers;

/// <summary>Cells of a matrix that belong together, such as the window of a kernel.</summary>
/// <param name="Row">The uppermost row.</param>
/// <param name="Column">The leftmost column.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct Region(int Row, int Column, int Height = 1, int Width = 1)
{
    internal bool Contains(int row, int column) =>
        row >= Row && row < Row + Height && column >= Column && column < Column + Width;
}
