using System.Globalization;
using System.Text;

namespace NotebookHelpers;

/// <summary>
/// The chain rule as a graph of numbers: each node's value, and below it its gradient; above each edge the value that goes
/// forward, below it the gradient that comes back. Pointing at a node shows the sum that made its gradient, term by term.
/// Without script, and in the SVG, the whole graph is shown; the text lists the sums. Lesson "Learning by hand".
/// </summary>
public sealed class NumberGraphView : SvgView
{
    private const int BoxWidth = 84, BoxHeight = 60, ColumnWidth = 148, RowHeight = 84, Margin = 12, Top = 34;
    private readonly string _title;
    private readonly NumberNode[] _nodes;
    private readonly NumberEdge[][] _parts;
    private readonly (int X, int Y)[] _places;

    /// <summary>Draws a computation.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="nodes">
    /// The numbers in the order of the computation: every one after those that it was computed from; the result last.
    /// </param>
    /// <exception cref="ArgumentException">There is no number, or one was computed from one that does not stand before it.</exception>
    public NumberGraphView(string title, IEnumerable<NumberNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        _title = title ?? "";
        _nodes = [.. nodes];
        _parts = [.. _nodes.Select(node => node.Parts.ToArray())];
        if (_nodes.Length == 0)
            throw new ArgumentException("There is no number. Give those of a computation, the result last.", nameof(nodes));
        for (var i = 0; i < _nodes.Length; i++)
            foreach (var edge in _parts[i])
                if (edge.From < 0 || edge.From >= i)
                    throw new ArgumentException(
                        $"Number {i} ('{_nodes[i].Name}') was computed from number {edge.From}, but only {i} numbers stand before it. " +
                        "Give every number after those that it was computed from.", nameof(nodes));
        _places = Arrange();
    }

    /// <inheritdoc />
    public override string ToHtml()
    {
        var data = new { drawing = ToSvg(), style = Html.Embedded("NumberGraphView.css") };
        return Html.View("numbers", Html.Scrolling(Html.Drawing(ToSvg(), ToText())), "data-lm-suppress-shortcuts=\"true\"",
            data, "NumberGraphView.js");
    }

    /// <inheritdoc />
    public override string ToSvg()
    {
        int width = _places.Max(place => place.X) + BoxWidth + Margin, height = _places.Max(place => place.Y) + BoxHeight + Margin;
        var drawing = new StringBuilder();
        for (var i = 0; i < _nodes.Length; i++)
            foreach (var edge in _parts[i])
                drawing.Append(Draw(edge, i));
        for (var i = 0; i < _nodes.Length; i++)
            drawing.Append(DrawNode(i));
        var title = SvgDocument.Text(Margin, 20, _title, "font-weight=\"bold\"");
        return SvgDocument.Of(width, height, title + drawing, ToText(), fontSize: 13);
    }

    /// <inheritdoc />
    public override string ToText() =>
        string.Join('\n', Enumerable.Range(0, _nodes.Length).Select(Words).Prepend(_title).Where(line => line.Length > 0));

    /// <summary>A number's value, and the sum that made its gradient.</summary>
    private string Words(int index)
    {
        var node = _nodes[index];
        var terms = Users(index).Select(use => $"{Operand(use.Edge.Slope)} × {Operand(_nodes[use.By].Gradient)}").ToArray();
        var gradient = terms.Length == 0 && index == _nodes.Length - 1 ? $"{Html.Number(node.Gradient)}, as it is the result itself"
            : terms.Length == 0 ? $"{Html.Number(node.Gradient)}, as nothing was computed from it"
            : $"local slope × gradient behind it: {string.Join(" + ", terms)} = {Html.Number(node.Gradient)}";
        return $"{node.Name} = {Html.Number(node.Value)}; gradient: {gradient}";
    }

    private IEnumerable<(int By, NumberEdge Edge)> Users(int index) =>
        from user in Enumerable.Range(index + 1, _nodes.Length - index - 1)
        from edge in _parts[user]
        where edge.From == index
        select (user, edge);

    // A column is as far right as its longest way from a given number; in a column, numbers stand beside what they are used for.
    private (int X, int Y)[] Arrange()
    {
        var columns = new int[_nodes.Length];
        for (var i = _nodes.Length - 1; i >= 0; i--)
            columns[i] = Users(i).Select(use => columns[use.By] + 1).DefaultIfEmpty(0).Max();
        var last = columns.Max();
        var rows = new double[_nodes.Length];
        var order = Leaves(_nodes.Length - 1).Distinct().ToList();
        for (var i = 0; i < _nodes.Length; i++)
            rows[i] = _parts[i].Length == 0 ? Math.Max(order.IndexOf(i), 0) : _parts[i].Average(edge => rows[edge.From]);
        Separate(columns, rows);
        return [.. rows.Select((row, i) => (Margin + (last - columns[i]) * ColumnWidth, Top + (int)(row * RowHeight)))];
    }

    private IEnumerable<int> Leaves(int index) =>
        _parts[index].Length == 0 ? [index] : _parts[index].SelectMany(edge => Leaves(edge.From));

    // Two boxes of a column are at least a row apart.
    private static void Separate(int[] columns, double[] rows)
    {
        foreach (var column in columns.Distinct())
        {
            var inColumn = Enumerable.Range(0, rows.Length).Where(i => columns[i] == column).OrderBy(i => rows[i]).ToArray();
            for (var k = 1; k < inColumn.Length; k++)
                rows[inColumn[k]] = Math.Max(rows[inColumn[k]], rows[inColumn[k - 1]] + 1);
        }
    }

    private string Draw(NumberEdge edge, int to)
    {
        int x1 = _places[edge.From].X + BoxWidth, y1 = _places[edge.From].Y + BoxHeight / 2;
        int x2 = _places[to].X, y2 = _places[to].Y + BoxHeight / 2;
        int bend = (x2 - x1) / 2, x = (x1 + x2) / 2, y = (y1 + y2) / 2;
        string forward = Html.Number(_nodes[edge.From].Value), back = Html.Number(edge.Slope * _nodes[to].Gradient);
        return string.Create(CultureInfo.InvariantCulture,
            $"<g class=\"cn-edge\" data-from=\"{edge.From}\" data-to=\"{to}\">" +
            $"<path d=\"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}\" fill=\"none\" stroke=\"#8a8a8a\" stroke-width=\"1.5\"/>" +
            $"<text x=\"{x}\" y=\"{y - 5}\" text-anchor=\"middle\" fill=\"#0072b2\" {SvgDocument.Halo}>{forward}</text>" +
            $"<text x=\"{x}\" y=\"{y + 15}\" text-anchor=\"middle\" fill=\"#b34700\" {SvgDocument.Halo}>{back}</text></g>");
    }

    private string DrawNode(int index)
    {
        var (x, y) = _places[index];
        var node = _nodes[index];
        var middle = BoxWidth / 2;
        var name = node.Name.Length > 11 ? node.Name[..10] + "…" : node.Name;
        return string.Create(CultureInfo.InvariantCulture,
            $"<g class=\"cn-node\" data-index=\"{index}\" data-words=\"{Html.Encode(Words(index))}\" transform=\"translate({x},{y})\">" +
            $"<rect width=\"{BoxWidth}\" height=\"{BoxHeight}\" rx=\"6\" fill=\"#ededed\" stroke=\"#555\"/>" +
            $"<text x=\"{middle}\" y=\"17\" text-anchor=\"middle\" font-weight=\"bold\">{Html.Encode(name)}</text>" +
            $"<text x=\"{middle}\" y=\"34\" text-anchor=\"middle\" fill=\"#0072b2\">{Html.Number(node.Value)}</text>" +
            $"<text x=\"{middle}\" y=\"52\" text-anchor=\"middle\" fill=\"#b34700\">{Html.Number(node.Gradient)}</text></g>");
    }

    private static string Operand(double value) => value < 0 ? $"({Html.Number(value)})" : Html.Number(value);
}
