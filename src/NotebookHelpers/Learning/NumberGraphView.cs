using System.Text;

namespace NotebookHelpers;

/// <summary>
/// The chain rule as a graph of numbers: each node's value, and below it its gradient; above each edge the value that goes
/// forward, below it the gradient that comes back. Pointing at a node shows the sum that made its gradient, term by term. On a
/// phone the computation runs downward, and an edge's two numbers stand beside it.
/// Without script, and in the SVG, the whole graph is shown; the text lists the sums. Lesson "Learning by hand".
/// </summary>
public sealed class NumberGraphView : SvgView
{
    private const int BoxHeight = 60, Margin = 12, Top = 34, Letter = 7;

    // The sizes of a node and of the ways between nodes: along the computation, and across it.
    private static readonly Form Wide = new(IsTall: false, BoxWidth: 84, Along: 148, Across: 84);
    private static readonly Form Tall = new(IsTall: true, BoxWidth: 54, Along: 112, Across: 58);

    private readonly string _title;
    private readonly NumberNode[] _nodes;
    private readonly NumberEdge[][] _parts;
    private readonly (int Step, double Row)[] _places;

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
        string wide = ToSvg(), tall = ToTallSvg();
        var picture = $"<picture>{Html.OnPhone(tall)}{Html.Drawing(wide, ToText())}</picture>";
        var data = new { wide, tall, phone = Html.Phone, style = Html.Embedded("NumberGraphView.css") };
        return Html.View("numbers", Html.Scrolling(picture), "data-lm-suppress-shortcuts=\"true\"", data, "NumberGraphView.js");
    }

    /// <inheritdoc />
    public override string ToSvg() => Draw(Wide);

    /// <summary>The drawing for a phone.</summary>
    internal string ToTallSvg() => Draw(Tall);

    private string Draw(Form form)
    {
        var places = Array.ConvertAll(_places, form.Place);
        var drawing = new StringBuilder(SvgDocument.Text(Margin, 20, _title, "font-weight=\"bold\""));
        for (var i = 0; i < _nodes.Length; i++)
            foreach (var edge in _parts[i])
                drawing.Append(Edge(form, edge, i, places[edge.From], places[i]));
        for (var i = 0; i < _nodes.Length; i++)
            drawing.Append(Node(form, i, places[i]));
        int width = places.Max(place => place.X) + form.BoxWidth + form.Edge, height = places.Max(place => place.Y) + BoxHeight + Margin;
        return SvgDocument.Of(width, height, drawing.ToString(), ToText(), fontSize: 13);
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

    // A step is as far on as its longest way to the result; in a step, numbers stand beside what they are used for.
    private (int Step, double Row)[] Arrange()
    {
        var columns = new int[_nodes.Length];
        for (var i = _nodes.Length - 1; i >= 0; i--)
            columns[i] = Users(i).Select(use => columns[use.By] + 1).DefaultIfEmpty(0).Max();
        var last = columns.Max();
        var rows = new double[_nodes.Length];
        var order = Leaves(_nodes.Length - 1, []).ToList();
        for (var i = 0; i < _nodes.Length; i++)
            rows[i] = _parts[i].Length == 0 ? Math.Max(order.IndexOf(i), 0) : _parts[i].Average(edge => rows[edge.From]);
        Separate(columns, rows);
        return [.. rows.Select((row, i) => (last - columns[i], row))];
    }

    // Each number is visited once: the ways to it double with each squaring.
    private IEnumerable<int> Leaves(int index, HashSet<int> seen) =>
        !seen.Add(index) ? [] : _parts[index].Length == 0 ? [index] : _parts[index].SelectMany(edge => Leaves(edge.From, seen));

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

    private string Edge(Form form, NumberEdge edge, int to, (int X, int Y) source, (int X, int Y) target)
    {
        int x1 = source.X + form.BoxWidth, y1 = source.Y + BoxHeight / 2, x2 = target.X, y2 = target.Y + BoxHeight / 2;
        if (form.IsTall)
            (x1, y1, x2, y2) = (source.X + form.BoxWidth / 2, source.Y + BoxHeight, target.X + form.BoxWidth / 2, target.Y);
        int x = (x1 + x2) / 2, y = (y1 + y2) / 2;
        var curve = form.IsTall ? $"{x1} {y} {x2} {y}" : $"{x} {y1} {x} {y2}";
        string forward = Html.Number(_nodes[edge.From].Value), back = Html.Number(edge.Slope * _nodes[to].Gradient);
        return $"<g class=\"cn-edge\" data-from=\"{edge.From}\" data-to=\"{to}\">" +
            $"<path d=\"M{x1} {y1}C{curve} {x2} {y2}\" fill=\"none\" stroke=\"#8a8a8a\" stroke-width=\"1.5\"/>" +
            (form.IsTall ? Number(x1 - 4, y1 + 14, "end", "#0072b2", forward) + Number(x1 + 4, y1 + 14, "start", "#b34700", back)
                : Number(x, y - 5, "middle", "#0072b2", forward) + Number(x, y + 15, "middle", "#b34700", back)) + "</g>";

        static string Number(int x, int y, string anchor, string color, string number) =>
            SvgDocument.Text(x, y, number, $"text-anchor=\"{anchor}\" fill=\"{color}\" {SvgDocument.Halo}");
    }

    private string Node(Form form, int index, (int X, int Y) place)
    {
        var node = _nodes[index];
        var middle = form.BoxWidth / 2;
        var room = form.BoxWidth / Letter + 1;
        var name = node.Name.Length > room ? node.Name[..(room - 1)] + "…" : node.Name;
        return $"<g class=\"cn-node\" data-index=\"{index}\" data-words=\"{Html.Encode(Words(index))}\" " +
            $"transform=\"translate({place.X},{place.Y})\">" +
            SvgDocument.Rect(0, 0, form.BoxWidth, BoxHeight, "rx=\"6\" fill=\"#ededed\" stroke=\"#555\"") +
            SvgDocument.Text(middle, 17, name, $"text-anchor=\"middle\" font-weight=\"bold\" font-size=\"{(form.IsTall ? 11 : 13)}\"") +
            SvgDocument.Text(middle, 34, Html.Number(node.Value), "text-anchor=\"middle\" fill=\"#0072b2\"") +
            SvgDocument.Text(middle, 52, Html.Number(node.Gradient), "text-anchor=\"middle\" fill=\"#b34700\"") + "</g>";
    }

    private static string Operand(double value) => value < 0 ? $"({Html.Number(value)})" : Html.Number(value);

    /// <summary>How the graph lies on the page: the computation runs to the right or downward.</summary>
    private sealed record Form(bool IsTall, int BoxWidth, int Along, int Across)
    {
        internal int Edge => IsTall ? 4 : Margin;

        internal (int X, int Y) Place((int Step, double Row) place)
        {
            int along = place.Step * Along, across = (int)(place.Row * Across);
            return IsTall ? (Edge + across, Top + along) : (Edge + along, Top + across);
        }
    }
}
