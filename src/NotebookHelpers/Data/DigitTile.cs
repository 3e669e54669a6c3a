namespace NotebookHelpers;

/// <summary>One picture of a <see cref="DigitGrid"/>.</summary>
/// <param name="Pixels">height·width grey values as data sets store them: 0 is paper, 255 is ink.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Caption">What stands below the picture, on one line or several.</param>
/// <param name="Wrong">Whether to mark the picture as a wrong prediction.</param>
public sealed record DigitTile(byte[] Pixels, int Height, int Width, string Caption, bool Wrong = false);
