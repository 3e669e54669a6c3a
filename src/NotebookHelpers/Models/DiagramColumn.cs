using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>One model of a <see cref="ModelDiagram"/>, from its input down to its result.</summary>
internal sealed record DiagramColumn(string Title, IReadOnlyList<DiagramBlock> Blocks)
{
    private const int LaneWidth = 11, Words = 210, Margin = 12, LineHeight = 15;

    private static readonly string[] Notes =
    [
        "blue: with parameters; grey: without. Maps to one",
        "scale; depth and bars by the square root of channels",
        "and values. Batch left out.",
    ];

    /// <summary>A line a block.</summary>
    internal string ToText() => string.Join('\n', Blocks.Select(Line).Prepend(Title));

    /// <summary>Blocks below each other, their words beside them, arrows as the values flow.</summary>
    internal (string Content, double Width, double Height) Draw(DiagramScale scale)
    {
        var arrows = Arrows();
        var left = 16 + arrows.Select(arrow => arrow.Lane + 1).DefaultIfEmpty(0).Max() * LaneWidth;
        var middle = left + DiagramScale.LongestBar / 2.0;
        var text = left + DiagramScale.LongestBar + Margin;
        var svg = new StringBuilder(SvgDocument.Text(Margin, 22, Title, "font-size=\"15\" font-weight=\"bold\""));
        var (tops, bottoms) = (new double[Blocks.Count], new double[Blocks.Count]);
        var y = 38.0;
        foreach (var (i, block) in Blocks.Index())
        {
            var (_, sheet, depth, _) = scale.Of(block);
            var height = sheet + depth / 2;
            var row = Math.Max(height + 26, (block.Lines.Count() + 1) * LineHeight + 12);
            tops[i] = y + (row - height) / 2;
            bottoms[i] = tops[i] + height;
            svg.Append(Shape(block, scale, middle, tops[i])).Append(Label(block, text, tops[i] + height / 2));
            y += row;
        }
        foreach (var (from, to, lane) in arrows)
            svg.Append(Arrow(bottoms[from] + 2, tops[to] - 3, middle, lane < 0 ? null : left - 6 - lane * LaneWidth,
                Blocks[to].State == BlockState.Dead));
        foreach (var note in Notes)
            svg.Append(SvgDocument.Text(Margin, y += 14, note, "font-size=\"11\" fill=\"#555\""));
        return (svg.ToString(), text + Words, y + 10);
    }

    internal static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private string Line(DiagramBlock block, int index)
    {
        var readsTheOneAbove = block.Sources.Count == 0 || (block.Sources is [var only] && only == index - 1);
        var reads = readsTheOneAbove ? "" : $"reads {string.Join(" and ", block.Sources.Select(source => Blocks[source].Name))}";
        string[] parts = [$"{block.Name} {block.Kind}".TrimEnd(), block.Size, block.Weights, reads, block.Note];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    /// <summary>An arrow between neighbours goes straight down (lane −1); any other goes round on the left, in its own lane.</summary>
    private List<(int From, int To, int Lane)> Arrows()
    {
        var lanes = new List<List<(int From, int To)>>();
        return [.. Blocks.SelectMany((block, to) => block.Sources.Select(from => (From: from, To: to)))
            .OrderBy(arrow => arrow.To - arrow.From)
            .Select(arrow => (arrow.From, arrow.To, arrow.To == arrow.From + 1 ? -1 : Lane(arrow.From, arrow.To)))];

        int Lane(int from, int to)
        {
            var free = lanes.FindIndex(lane => lane.TrueForAll(taken => taken.To <= from || taken.From >= to));
            if (free < 0)
            {
                free = lanes.Count;
                lanes.Add([]);
            }
            lanes[free].Add((from, to));
            return free;
        }
    }

    /// <summary>A stack of sheets or a bar, crossed out if it is dead.</summary>
    private static string Shape(DiagramBlock block, DiagramScale scale, double middle, double top)
    {
        var (sheetWidth, sheetHeight, depth, count) = scale.Of(block);
        var (width, height) = (sheetWidth + depth, sheetHeight + depth / 2);
        var look = block.IsDead ? "fill=\"#fff\" stroke=\"#777\" stroke-dasharray=\"3 2\""
            : $"fill=\"{(block.Parameters > 0 ? "#9ecae9" : "#ececec")}\" stroke=\"#1f4e79\"";
        var svg = new StringBuilder();
        for (var sheet = 0; sheet < count; sheet++)
        {
            var behind = count == 1 ? 0 : 1 - sheet / (count - 1.0);
            svg.Append(SvgDocument.Rect(
                middle - width / 2 + behind * depth, top + (1 - behind) * depth / 2, sheetWidth, sheetHeight, look));
        }
        if (block.IsDead)
        {
            var (left, right) = (N(middle - width / 2 - 4), N(middle + width / 2 + 4));
            var (upper, lower) = (N(top - 3), N(top + height + 3));
            svg.Append($"<path d=\"M{left},{upper}L{right},{lower}M{left},{lower}L{right},{upper}\" ")
                .Append("stroke=\"#b00020\" stroke-width=\"1.5\"/>");
        }
        return svg.ToString();
    }

    private static string Label(DiagramBlock block, double x, double middle)
    {
        string[] lines = [.. block.Lines];
        var y = middle - lines.Length * LineHeight / 2.0 + 4;
        var svg = new StringBuilder($"<text x=\"{N(x)}\" y=\"{N(y)}\">")
            .Append($"<tspan font-weight=\"bold\">{Html.Encode(Short(block.Name, 20))}</tspan> ")
            .Append($"<tspan fill=\"#555\">{Html.Encode(Short(block.Kind, 18))}</tspan></text>");
        foreach (var line in lines)
            svg.Append(SvgDocument.Text(x, y += LineHeight, line, line == block.Note ? "fill=\"#b00020\" font-weight=\"bold\"" : ""));
        return svg.ToString();
    }

    private static string Arrow(double start, double end, double middle, double? lane, bool isDead)
    {
        var from = $"M{N(middle - 8)},{N(start)}";
        var path = lane is { } x
            ? $"{from}v4H{N(x + 5)}q-5,0 -5,5V{N(end - 12)}q0,5 5,5H{N(middle - 8)}V{N(end)}"
            : $"M{N(middle)},{N(start)}V{N(end)}";
        var (point, color) = (lane is null ? middle : middle - 8, isDead ? "#999" : "#1a1a1a");
        return $"<path d=\"{path}\" fill=\"none\" stroke=\"{color}\"{(isDead ? " stroke-dasharray=\"3 2\"" : "")}/>" +
            $"<path d=\"M{N(point)},{N(end + 1)}l-3.5,-6h7z\" fill=\"{color}\"/>";
    }

    private static string Short(string text, int length) => text.Length <= length ? text : "…" + text[^(length - 1)..];
}
