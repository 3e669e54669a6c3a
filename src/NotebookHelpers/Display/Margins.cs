namespace NotebookHelpers;

/// <summary>Cells added around an image, counted on each side.</summary>
public readonly record struct Margins(int Top, int Left, int Bottom, int Right);
