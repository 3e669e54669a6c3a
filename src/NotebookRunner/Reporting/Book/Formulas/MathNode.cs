namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>What a piece of a formula is to its neighbours, which decides the space between them.</summary>
internal enum Role
{
    Ordinary,
    Function,
    Large,
    Binary,
    Relation,
    Open,
    Close,
    Punctuation,
    Space,
}

/// <summary>How a symbol is drawn.</summary>
internal enum Shape
{
    /// <summary>A letter, which MathML makes italic.</summary>
    Letter,

    /// <summary>A letter or sign that stays upright.</summary>
    Upright,
    Number,
    Operator,

    /// <summary>A fence that does not grow.</summary>
    Fence,
    Text,
}

/// <summary>A formula as its author meant it; see <see cref="MathMlWriter"/> for how it is drawn.</summary>
internal abstract record MathNode
{
    internal virtual Role Role => Role.Ordinary;
}

internal sealed record Symbol(string Text, Shape Shape, Role Kind) : MathNode
{
    internal override Role Role => Kind;

    internal bool IsFence => Shape == Shape.Fence;
}

internal sealed record Row(IReadOnlyList<MathNode> Nodes) : MathNode
{
    internal override Role Role => Nodes is [var only] ? only.Role : Role.Ordinary;
}

/// <summary>An operator that is large where formulas are displayed: a sum, an integral.</summary>
internal sealed record Large(string Text, bool HasLimits) : MathNode
{
    internal override Role Role => Role.Large;
}

/// <summary>A function with a name of its own: log, max, argmin.</summary>
internal sealed record Function(MathNode Name, bool HasLimits) : MathNode
{
    internal override Role Role => Role.Function;
}

/// <summary>Where scripts stand: as the base wants it, always beside it, always above and below it.</summary>
internal enum Limits
{
    AsUsual,
    Beside,
    Stacked,
}

internal sealed record Scripts(MathNode Base, MathNode? Under, MathNode? Over, Limits Limits) : MathNode
{
    internal override Role Role => Base.Role;
}

/// <summary>Something above or below something else, as in \overset.</summary>
internal sealed record Stacked(MathNode Base, MathNode? Under, MathNode? Over) : MathNode
{
    internal override Role Role => Base.Role;
}

/// <summary>A fraction; without a line it is the inside of a binomial.</summary>
internal sealed record Fraction(MathNode Above, MathNode Below, string? Thickness = null) : MathNode;

internal sealed record Root(MathNode Content, MathNode? Degree) : MathNode;

internal sealed record Accent(MathNode Base, string Mark, bool IsWide, bool IsUnder = false) : MathNode
{
    internal override Role Role => Base.Role;
}

/// <summary>Content between fences that grow with it; bars in the middle part it.</summary>
internal sealed record Fenced(string Open, IReadOnlyList<MathNode> Parts, IReadOnlyList<string> Between, string Close) : MathNode;

/// <summary>One fence of a size that its author chose.</summary>
internal sealed record SizedFence(string Text, string Size, Role Kind) : MathNode
{
    internal override Role Role => Kind;
}

/// <summary>An arrow as long as what stands on it.</summary>
internal sealed record LongArrow(string Arrow, MathNode Over, MathNode? Under) : MathNode
{
    internal override Role Role => Role.Relation;
}

internal sealed record Space(string Width) : MathNode
{
    internal override Role Role => Role.Space;
}

/// <summary>Words within a formula, in a font of text.</summary>
internal sealed record Words(string Text, string Font) : MathNode;

/// <summary>Letters in another font: bold, script, blackboard.</summary>
internal sealed record Styled(MathNode Content, string Font) : MathNode
{
    internal override Role Role => Content.Role;
}

/// <summary>Content in a set style, such as that of displayed formulas, or with letters of a set size.</summary>
/// <param name="Content">What is set so.</param>
/// <param name="Display">Whether it is set as a displayed formula is; null where the style stays.</param>
/// <param name="Level">How small that style is: 0, 1 for scripts, 2 for scripts of scripts.</param>
/// <param name="Size">The letters' size as a share of that around them; null where it stays.</param>
internal sealed record Sized(MathNode Content, bool? Display, int? Level, string? Size = null) : MathNode
{
    internal override Role Role => Content.Role;
}

/// <summary>One of four forms, by the style in which it stands: displayed, in text, as a script, as a script of a script.</summary>
internal sealed record Choice(IReadOnlyList<MathNode> Forms) : MathNode;

/// <summary>Content that the style sheet draws something at: a line, a brace, a box.</summary>
internal sealed record Drawn(MathNode Content, string Class) : MathNode
{
    internal override Role Role => Content.Role;
}

/// <summary>Content in an element of MathML's with attributes of its own.</summary>
internal sealed record Element(string Name, string Attributes, MathNode? Content) : MathNode;

/// <summary>Content that stands where an operator, a relation or a fence stands.</summary>
internal sealed record Classed(MathNode Content, Role Kind) : MathNode
{
    internal override Role Role => Kind;
}

/// <summary>The relation or operator that a stroke goes through.</summary>
internal sealed record Negated(MathNode Content) : MathNode
{
    internal override Role Role => Content.Role;
}

/// <summary>Rows of cells.</summary>
/// <param name="Rows">The rows; they may have fewer cells than the widest.</param>
/// <param name="Style">How the environment sets them.</param>
/// <param name="Columns">What was asked of each column: its alignment and lines, or that it is what parts two lines.</param>
internal sealed record Table(IReadOnlyList<TableRow> Rows, TableStyle Style, IReadOnlyList<string> Columns) : MathNode
{
    /// <summary>How the entry of a column begins that has no cells: it keeps two lines apart.</summary>
    internal const string Between = "between";
}

/// <summary>A row; one without cells keeps two lines apart.</summary>
/// <param name="Cells">What stands in it.</param>
/// <param name="LineAbove">The class of the line above it.</param>
/// <param name="LineBelow">The class of the line below it.</param>
/// <param name="Tag">The tag at its end.</param>
/// <param name="Gap">The space below it besides the usual one, as CSS has it.</param>
internal sealed record TableRow(
    IReadOnlyList<MathNode> Cells, string LineAbove = "", string LineBelow = "", MathNode? Tag = null, string? Gap = null);

/// <summary>How an environment sets its cells.</summary>
/// <param name="Open">The fence before it.</param>
/// <param name="Close">The fence after it.</param>
/// <param name="Alignment">Where cells stand: center, left, pairs (right, left, right, …), joined (pairs without a gap before the
/// next) or lines (of a multline).</param>
/// <param name="Display">Whether cells are set as displayed formulas.</param>
/// <param name="Class">What else the style sheet should know.</param>
internal sealed record TableStyle(
    string Open = "", string Close = "", string Alignment = "center", bool Display = false, string Class = "");

/// <summary>A formula with a tag at the end of its line.</summary>
internal sealed record Tagged(MathNode Content, MathNode Tag) : MathNode;
