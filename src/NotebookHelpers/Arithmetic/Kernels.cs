namespace NotebookHelpers;

/// <summary>Hand-made 3×3 kernels that show what a filter can see; a network learns its own.</summary>
public static class Kernels
{
    /// <summary>The article's filter, columns 1, 0, −1: answers where the left side has the larger values (Prewitt).</summary>
    public static double[,] VerticalLine => new double[,] { { 1, 0, -1 }, { 1, 0, -1 }, { 1, 0, -1 } };

    /// <summary>Rows 1, 0, −1: answers where the upper side has the larger values (Prewitt).</summary>
    public static double[,] HorizontalLine => new double[,] { { 1, 1, 1 }, { 0, 0, 0 }, { -1, -1, -1 } };

    /// <summary>Sobel's horizontal gradient, written for cross-correlation: positive where values grow to the right.</summary>
    public static double[,] SobelX => new double[,] { { -1, 0, 1 }, { -2, 0, 2 }, { -1, 0, 1 } };

    /// <summary>Sobel's vertical gradient, written for cross-correlation: positive where values grow downwards.</summary>
    public static double[,] SobelY => new double[,] { { -1, -2, -1 }, { 0, 0, 0 }, { 1, 2, 1 } };

    /// <summary>The mean of nine cells.</summary>
    public static double[,] Blur => new[,] { { 1 / 9.0, 1 / 9.0, 1 / 9.0 }, { 1 / 9.0, 1 / 9.0, 1 / 9.0 }, { 1 / 9.0, 1 / 9.0, 1 / 9.0 } };

    /// <summary>The cell plus its difference from its four neighbours.</summary>
    public static double[,] Sharpen => new double[,] { { 0, -1, 0 }, { -1, 5, -1 }, { 0, -1, 0 } };
}
