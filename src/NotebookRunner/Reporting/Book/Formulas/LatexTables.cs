namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>Environments: matrices, cases, aligned lines.</summary>
internal sealed partial class LatexParser
{
    private static readonly Dictionary<string, TableStyle> Environments = new()
    {
        ["matrix"] = new(),
        ["pmatrix"] = new("(", ")"),
        ["bmatrix"] = new("[", "]"),
        ["Bmatrix"] = new("{", "}"),
        ["vmatrix"] = new("|", "|"),
        ["Vmatrix"] = new("‖", "‖"),
        ["smallmatrix"] = new(Class: "math-small"),
        ["array"] = new(),
        ["darray"] = new(Display: true),
        ["subarray"] = new(Class: "math-small"),
        ["cases"] = new("{", "", "left"),
        ["dcases"] = new("{", "", "left", Display: true),
        ["rcases"] = new("", "}", "left"),
        ["drcases"] = new("", "}", "left", Display: true),
        ["aligned"] = new(Alignment: "pairs", Display: true),
        ["align"] = new(Alignment: "pairs", Display: true),
        ["alignat"] = new(Alignment: "joined", Display: true),
        ["alignedat"] = new(Alignment: "joined", Display: true),
        ["split"] = new(Alignment: "pairs", Display: true),
        ["eqnarray"] = new(Alignment: "pairs", Display: true),
        ["gather"] = new(Display: true),
        ["gathered"] = new(Display: true),
        ["equation"] = new(Display: true),
        ["displaymath"] = new(Display: true),
        ["multline"] = new(Alignment: "lines", Display: true),
    };

    private const int MostCells = 20_000;

    private long _cells; // of all tables, with those that no row fills

    private MathNode Environment()
    {
        var name = tokens.Word(@"\begin");
        if (!Environments.TryGetValue(name.TrimEnd('*'), out var style))
            throw new FormulaException($"The environment {name} is not supported here.");
        var columns = Columns(name);
        var rows = Rows(name);
        var widest = rows.Max(row => row.Cells.Count);
        if (name.TrimEnd('*') == "eqnarray")
            columns = ["right", "center", "left"];
        else if (name.EndsWith("matrix*", StringComparison.Ordinal) && columns is [var all])
            columns = [.. Enumerable.Repeat(all, widest)];
        if ((_cells += (long)rows.Count * Math.Max(widest, columns.Count)) > MostCells)
            throw new FormulaException($"Its tables have more than {MostCells} cells.");
        MathNode table = new Table(rows, style with { Open = "", Close = "" }, columns);
        return style.Open.Length + style.Close.Length == 0 ? table : new Fenced(style.Open, [table], [], style.Close);
    }

    /// <summary>The columns that an array or a starred matrix asks for: alignments, with the lines beside them.</summary>
    private List<string> Columns(string name)
    {
        if (name is "aligned" or "gathered" or "alignedat" && HasPosition())
            tokens.Optional(name);
        if (name is "alignat" or "alignat*" or "alignedat")
            tokens.Argument(name);
        var given = name is "array" or "darray" or "subarray" ? tokens.Argument(name)
            : name.EndsWith("matrix*", StringComparison.Ordinal) ? tokens.Optional(name) : null;
        if (given is null)
            return [];
        var columns = new List<string>();
        foreach (var token in given.Where(token => token != " "))
            switch (token)
            {
                case "l" or "c" or "r":
                    AddColumn(columns, token == "l" ? "left" : token == "r" ? "right" : "center");
                    break;
                case "|" or ":":
                    AddLine(columns, token == "|" ? "line" : "dashes");
                    break;
                default:
                    throw new FormulaException($"{token} is no column of {name}; columns are l, c and r, with | or : between them.");
            }
        return columns;
    }

    /// <summary>Whether what follows says how high the table stands; any other bracket begins its first cell.</summary>
    private bool HasPosition() => tokens.At(0) == "[" && tokens.At(1) is "t" or "b" or "c" && tokens.At(2) == "]";

    /// <summary>A column takes the line to its left that no other column has.</summary>
    private static void AddColumn(List<string> columns, string alignment)
    {
        if (columns.Count > 0 && IsFree(columns[^1]))
            columns[^1] = alignment + columns[^1][Table.Between.Length..];
        else
            columns.Add(alignment);
    }

    /// <summary>A column has one line on each side; a further one stands apart.</summary>
    private static void AddLine(List<string> columns, string line)
    {
        if (columns.Count == 0 || IsFree(columns[^1]))
            columns.Add($"{Table.Between} math-{line}-left");
        else if (columns[^1].EndsWith("-right", StringComparison.Ordinal))
            columns.Add($"{Table.Between} math-{line}-right");
        else
            columns[^1] += $" math-{line}-right";
    }

    private static bool IsFree(string column) =>
        column.StartsWith(Table.Between, StringComparison.Ordinal) && column.EndsWith("-left", StringComparison.Ordinal);

    private List<TableRow> Rows(string name)
    {
        var (outer, rows) = (_tag, new List<TableRow>());
        while (true)
        {
            var lines = HorizontalLines();
            if (tokens.Peek() == @"\end" && rows.Count > 0)
            {
                AddLinesBelow(rows, lines);
                break; // a line break after the last line makes no further line
            }
            rows.AddRange(lines.SkipLast(1).Select(line => new TableRow([], $" math-{line}-above")));
            rows.Add(TableRow(lines is [.., var last] ? $" math-{last}-above" : ""));
            if (!IsLineBreak(tokens.Peek()))
                break;
            rows[^1] = rows[^1] with { Gap = LineBreak() };
        }
        if (!tokens.Take(@"\end"))
        {
            var where = tokens.Peek() == LatexTokens.End ? "" : $" before {tokens.Peek()}";
            throw new FormulaException($@"\begin{{{name}}} has no \end{{{name}}}{where}.");
        }
        if (tokens.Word(@"\end") is var end && end != name)
            throw new FormulaException($@"\begin{{{name}}} ends with \end{{{end}}}.");
        _tag = outer;
        return rows;
    }

    private TableRow TableRow(string above)
    {
        _tag = null;
        var cells = new List<MathNode> { Cell() };
        while (tokens.Take("&"))
            cells.Add(Cell());
        return new TableRow(cells, above, Tag: _tag);
    }

    private Row Cell() => Group(() => Row(Place.Cell));

    /// <summary>The lines between two rows: whole ones and dashed ones.</summary>
    private List<string> HorizontalLines()
    {
        var lines = new List<string>();
        while (tokens.Peek() is @"\hline" or @"\hdashline" or @"\relax")
            if (tokens.Next() is var line && line != @"\relax")
                lines.Add(line == @"\hline" ? "line" : "dashes");
        return lines;
    }

    private static void AddLinesBelow(List<TableRow> rows, List<string> lines)
    {
        if (lines.Count == 0)
            return;
        rows[^1] = rows[^1] with { LineBelow = $" math-{lines[0]}-below" };
        rows.AddRange(lines.Skip(1).Select(line => new TableRow([], LineBelow: $" math-{line}-below")));
    }
}
