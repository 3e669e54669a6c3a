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
        ["alignat"] = new(Alignment: "pairs", Display: true),
        ["alignedat"] = new(Alignment: "pairs", Display: true),
        ["split"] = new(Alignment: "pairs", Display: true),
        ["eqnarray"] = new(Alignment: "pairs", Display: true),
        ["gather"] = new(Display: true),
        ["gathered"] = new(Display: true),
        ["equation"] = new(Display: true),
        ["displaymath"] = new(Display: true),
        ["multline"] = new(Alignment: "lines", Display: true),
    };

    private MathNode Environment()
    {
        var name = tokens.Word(@"\begin");
        if (!Environments.TryGetValue(name.TrimEnd('*'), out var style))
            throw new FormulaException($"The environment {name} is not supported here.");
        var columns = Columns(name);
        var rows = Rows(name);
        if (name.TrimEnd('*') == "eqnarray")
            columns = ["right", "center", "left"];
        MathNode table = new Table(rows, style with { Open = "", Close = "" }, columns);
        return style.Open.Length + style.Close.Length == 0 ? table : new Fenced(style.Open, [table], [], style.Close);
    }

    /// <summary>The columns that an array or a starred matrix asks for: alignments, with the lines beside them.</summary>
    private List<string> Columns(string name)
    {
        if (name is "alignat" or "alignat*" or "alignedat")
            tokens.Argument(name);
        if (name is "aligned" or "gathered" or "alignedat" && tokens.At(1) is "t" or "b" or "c")
            tokens.Optional(name);
        var given = name is "array" or "darray" or "subarray" ? tokens.Argument(name)
            : name.EndsWith("matrix*", StringComparison.Ordinal) ? tokens.Optional(name) : null;
        if (given is null)
            return [];
        var (columns, line) = (new List<string>(), "");
        foreach (var token in given.Where(token => token != " "))
            switch (token)
            {
                case "l" or "c" or "r":
                    columns.Add((token == "l" ? "left" : token == "r" ? "right" : "center") + line);
                    line = "";
                    break;
                case "|" or ":":
                    var side = token == "|" ? "line" : "dashes";
                    if (columns.Count == 0)
                        line += $" math-{side}-left";
                    else
                        columns[^1] += $" math-{side}-right";
                    break;
                default:
                    throw new FormulaException($"{token} is no column of {name}; columns are l, c and r, with | or : between them.");
            }
        return name.EndsWith("matrix*", StringComparison.Ordinal) && columns is [var all] ? [.. Enumerable.Repeat(all, 50)] : columns;
    }

    private List<TableRow> Rows(string name)
    {
        var (outer, rows) = (_tag, new List<TableRow>());
        while (true)
        {
            var above = LinesAbove();
            if (tokens.Peek() == @"\end" && rows.Count > 0)
            {
                rows[^1] = rows[^1] with { LineBelow = above.Replace("-above", "-below") };
                break; // a line break after the last line makes no further line
            }
            rows.Add(TableRow(above));
            if (!IsLineBreak(tokens.Peek()))
                break;
            LineBreak();
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
        return new TableRow(cells, above, "", _tag);
    }

    private Row Cell() => Group(() => Row());

    private string LinesAbove()
    {
        var line = "";
        while (tokens.Peek() is @"\hline" or @"\hdashline")
            line = tokens.Next() == @"\hline" ? " math-line-above" : " math-dashes-above";
        return line;
    }
}
