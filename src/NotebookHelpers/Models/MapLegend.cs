using System.Text;

namespace NotebookHelpers;

/// <summary>The colours of maps with their numbers.</summary>
/// <param name="Unit">What a value is.</param>
/// <param name="Scale">The size of the value that has the strongest colour.</param>
/// <param name="HasNegatives">Whether there is a value below zero; else the colours begin at zero.</param>
internal sealed record MapLegend(string Unit, double Scale, bool HasNegatives)
{
    private const int Steps = 32, Step = 5, Long = Steps * Step + Step, Gap = 10, Letter = 7;

    internal int Width => Long + 2 * Gap + Letter * Unit.Length;

    internal string Words => $"Colours of the {Unit}: {Notation.Number(Least)} to {Notation.Number(Most)}";

    private double Most => Math.Round(Scale, 3);

    private double Least => HasNegatives ? -Most : 0;

    internal string Draw(int x, int y)
    {
        var colors = Enumerable.Range(0, Steps + 1)
            .Select(i => HasNegatives ? 2.0 * i / Steps - 1 : (double)i / Steps).ToArray();
        var svg = new StringBuilder(new MapBitmap(colors.Length, 1).Paint(0, colors.Length, (_, i) => colors[i]).Draw(x, y, Step, 10))
            .Append(SvgDocument.Text(x, y + 24, Notation.Number(Least)));
        if (HasNegatives)
            svg.Append(SvgDocument.Text(x + Long / 2, y + 24, "0", "text-anchor=\"middle\""));
        return svg.Append(SvgDocument.Text(x + Long, y + 24, Notation.Number(Most), "text-anchor=\"end\""))
            .Append(SvgDocument.Text(x + Long + Gap, y + 10, Unit)).ToString();
    }
}
