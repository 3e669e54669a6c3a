using Markdig;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>A formula that stands in a paragraph.</summary>
internal sealed class FormulaInline : LeafInline
{
    internal required string Latex { get; set; }

    internal required bool Display { get; init; }
}

/// <summary>A formula that is a paragraph of its own.</summary>
internal sealed class FormulaBlock(BlockParser parser) : LeafBlock(parser)
{
    internal List<string> Rows { get; } = [];

    /// <summary>How many environments are open after its rows.</summary>
    internal int Depth { get; set; }

    /// <summary>Whether its end has been read.</summary>
    internal bool IsComplete { get; set; }

    /// <summary>Up to where in the text lines are known to belong to it that its list item or quote does not go on with.</summary>
    internal int TailEnd { get; set; }

    internal string Latex => string.Join('\n', Rows);
}

/// <summary>
/// Which dollars begin and end a formula: as in VS Code's notebooks (markdown-it with KaTeX) and on GitHub. In these a
/// formula may begin and end on any line, and a dollar between letters or digits (a price) is a dollar.
/// </summary>
/// <param name="isTable">Whether a paragraph is one that becomes a table.</param>
internal sealed class FormulaSyntax(Func<Block?, bool> isTable) : IMarkdownExtension
{
    public void Setup(MarkdownPipelineBuilder pipeline)
    {
        pipeline.BlockParsers.Insert(0, new DollarBlockParser());
        pipeline.BlockParsers.Insert(0, new EnvironmentBlockParser());
        pipeline.BlockParsers.Insert(0, new FormulaTailParser());
        pipeline.BlockParsers.Insert(0, new FormulaTailParser('$', '\\'));
        pipeline.InlineParsers.Insert(0, new FormulaInlineParser(isTable));
    }

    // The page writes formulas; see Prose.
    public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer)
    {
    }
}
