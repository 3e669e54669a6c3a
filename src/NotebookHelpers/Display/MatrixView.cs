using System.Text;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Matrices as tables tinted by value, side by side if there are several, with windows framed. From 17 rows or columns on, a
/// matrix is drawn as a picture with a colour scale. Lessons 1 and 2 show every image, kernel and map with it.
/// </summary>
public sealed class MatrixView : SvgView
{
    private const int MostChannels = 16, Gap = 14, SignWidth = 13, SignHeight = 20;
    private readonly IReadOnlyList<object> _parts; // MatrixPanel or string

    /// <summary>A view of one matrix.</summary>
    /// <param name="values">What to show, height × width.</param>
    /// <param name="title">What it is.</param>
    /// <param name="highlight">Windows to frame; parts outside the matrix are not drawn.</param>
    /// <param name="tint">What the colours mean.</param>
    /// <param name="scale">
    /// The absolute value of the strongest colour; the largest in the matrix when not given. Give several views the same to
    /// compare them.
    /// </param>
    /// <param name="margins">Cells at the edges that are padding, and are shown so; not a number there is an empty cell.</param>
    /// <param name="asPicture">Draws a small matrix without its numbers too, as a large one.</param>
    /// <exception cref="ArgumentException">The matrix is empty, or the scale not positive.</exception>
    public MatrixView(double[,] values, string? title = null, IEnumerable<Region>? highlight = null,
        Tint tint = Tint.Signed, double? scale = null, Margins margins = default, bool asPicture = false)
    {
        Tables.Size(values, nameof(values));
        if (scale is not (null or > 0))
            throw new ArgumentOutOfRangeException(
                nameof(scale), scale, "The scale is the absolute value of the strongest colour, so it must be positive.");
        _parts = [new MatrixPanel((double[,])values.Clone(), title ?? "", [.. highlight ?? []], tint, scale, margins, asPicture)];
    }

    private MatrixView(IReadOnlyList<object> parts) => _parts = parts;

    /// <summary>A view of a tensor: of one table, or of several channels side by side.</summary>
    /// <param name="values">
    /// (height, width), (channels, height, width) or (1, channels, height, width), up to 16 channels. Only read.
    /// </param>
    /// <param name="title">What it is.</param>
    /// <param name="tint">What the colours mean.</param>
    /// <param name="scale">The absolute value of the strongest colour; the largest in the tensor when not given.</param>
    /// <exception cref="ArgumentException">The tensor has another shape, or nothing in it.</exception>
    public static MatrixView Of(Tensor values, string? title = null, Tint tint = Tint.Signed, double? scale = null)
    {
        var channels = Tables.Channels(values, nameof(values));
        if (channels.Length is 0 or > MostChannels || channels[0].Length == 0)
            throw new ArgumentException(
                $"A tensor with 1 to {MostChannels} channels that hold something was expected; " +
                $"found ({string.Join(", ", values.shape)}). FeatureMaps.Of shows more, drawn without their numbers.", nameof(values));
        var common = scale ?? Tables.Largest(channels.SelectMany(channel => channel.Cast<double>()));
        return Row([.. channels.Select((channel, index) => new MatrixView(channel, Name(index), tint: tint, scale: common))]);

        string? Name(int channel) => channels.Length == 1 ? title : $"{title} {channel}".TrimStart();
    }

    /// <summary>Several matrices in a row, with signs or words between them.</summary>
    /// <param name="parts">Each a <see cref="MatrixView"/>, a matrix or a string.</param>
    /// <exception cref="ArgumentException">There is nothing to show, or something that is none of the three.</exception>
    public static MatrixView Row(params object[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0)
            throw new ArgumentException("A row of matrices needs at least one part.", nameof(parts));
        return new([.. parts.SelectMany(part => part switch
        {
            MatrixView view => view._parts,
            double[,] values => new MatrixView(values)._parts,
            string sign => [sign],
            _ => throw new ArgumentException(
                $"A row shows matrices, MatrixViews and strings, not {part?.GetType().Name ?? "null"}.", nameof(parts)),
        })]);
    }

    /// <inheritdoc />
    public override string ToHtml()
    {
        var row = string.Concat(_parts.Select(part => part is MatrixPanel panel
            ? Html.Drawing(panel.ToSvg(), panel.Alternative, "align=\"middle\"")
            : $" <span style=\"font-size:24px\">{Html.Encode((string)part)}</span> "));
        return Html.View("matrices", $"<div style=\"display:flex;flex-wrap:wrap;align-items:center;gap:12px\">{row}</div>");
    }

    /// <inheritdoc />
    public override string ToSvg()
    {
        var width = _parts.Sum(Width) + Gap * (_parts.Count + 1);
        var height = _parts.Max(Height) + 2 * Gap;
        var svg = new StringBuilder();
        var x = Gap;
        foreach (var part in _parts)
        {
            svg.Append(part is MatrixPanel panel
                ? panel.Draw(x, (height - panel.Height) / 2)
                : SvgDocument.Text(x, height / 2 + 7, (string)part, "font-size=\"20\""));
            x += Width(part) + Gap;
        }
        return SvgDocument.Of(width, height, svg.ToString(), string.Join(' ', _parts.Select(Alternative)));

        static int Width(object part) => part is MatrixPanel panel ? panel.Width : SignWidth * ((string)part).Length;

        static int Height(object part) => part is MatrixPanel panel ? panel.Height : SignHeight;

        static string Alternative(object part) => part is MatrixPanel panel ? panel.Alternative : (string)part;
    }

    /// <inheritdoc />
    public override string ToText()
    {
        var columns = _parts.Select(part => part is MatrixPanel panel ? panel.ToLines() : [(string)part]).ToArray();
        var height = columns.Max(lines => lines.Length);
        return string.Join('\n', Enumerable.Range(0, height)
            .Select(row => string.Join("  ", columns.Select(lines => Line(lines, row - (height - lines.Length) / 2))).TrimEnd()));

        static string Line(string[] lines, int index) =>
            (index >= 0 && index < lines.Length ? lines[index] : "").PadRight(lines.Max(line => line.Length));
    }
}
