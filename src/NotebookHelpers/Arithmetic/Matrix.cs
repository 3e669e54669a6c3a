namespace NotebookHelpers;

/// <summary>The few things that the lessons do to a table of numbers before and after a window slides over it.</summary>
public static class Matrix
{
    /// <summary>The matrix with cells of one value around it.</summary>
    public static double[,] Surround(double[,] matrix, Margins margins, double value = 0)
    {
        var (height, width) = Tables.Size(matrix, nameof(matrix));
        var padded = new double[height + margins.Top + margins.Bottom, width + margins.Left + margins.Right];
        for (var row = 0; row < padded.GetLength(0); row++)
            for (var column = 0; column < padded.GetLength(1); column++)
            {
                var (y, x) = (row - margins.Top, column - margins.Left);
                padded[row, column] = y >= 0 && y < height && x >= 0 && x < width ? matrix[y, x] : value;
            }
        return padded;
    }

    /// <summary>The matrix turned by 180°: flipped top to bottom and left to right.</summary>
    public static double[,] Turned(double[,] matrix)
    {
        var (height, width) = Tables.Size(matrix, nameof(matrix));
        var turned = new double[height, width];
        for (var row = 0; row < height; row++)
            for (var column = 0; column < width; column++)
                turned[row, column] = matrix[height - 1 - row, width - 1 - column];
        return turned;
    }

    /// <summary>Whether two matrices have the same shape and no two values further apart than a tolerance.</summary>
    public static bool AreEqual(double[,] first, double[,] second, double tolerance = 0)
    {
        if (Tables.Size(first, nameof(first)) != Tables.Size(second, nameof(second)))
            return false;
        for (var row = 0; row < first.GetLength(0); row++)
            for (var column = 0; column < first.GetLength(1); column++)
                if (!(Math.Abs(first[row, column] - second[row, column]) <= tolerance))
                    return false;
        return true;
    }
}
