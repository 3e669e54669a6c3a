namespace NotebookHelpers;

/// <summary>One product under the window.</summary>
/// <param name="Channel">The image channel.</param>
/// <param name="KernelRow">The weight's row in the kernel.</param>
/// <param name="KernelColumn">The weight's column in the kernel.</param>
/// <param name="Row">The value's row in the image; outside it, for padding.</param>
/// <param name="Column">The value's column in the image; outside it, for padding.</param>
/// <param name="Value">The image's value; 0 for padding.</param>
/// <param name="Weight">The kernel's value.</param>
/// <param name="IsPadding">Whether the cell lies outside the image.</param>
public readonly record struct ConvolutionTerm(
    int Channel, int KernelRow, int KernelColumn, int Row, int Column, double Value, double Weight, bool IsPadding)
{
    /// <summary>Value times weight.</summary>
    public double Product => Value * Weight;
}
