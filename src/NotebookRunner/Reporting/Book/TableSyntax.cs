using System.Text.RegularExpressions;
using Markdig;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Syntax;

namespace NotebookRunner.Reporting.Book;

/// <summary>
/// Tables as on GitHub: lines of text directly above a table are a paragraph, a line without a bar directly below it is a row.
/// </summary>
internal sealed partial class TableSyntax : IMarkdownExtension
{
    private static readonly object Key = new();

    /// <summary>Whether a paragraph is one that becomes a table.</summary>
    internal static bool IsTable(Block? block) => block?.ContainsData(Key) is true;

    public void Setup(MarkdownPipelineBuilder pipeline) => pipeline.BlockParsers.Find<ParagraphBlockParser>()!.Closed += (_, block) =>
    {
        if (block is ParagraphBlock paragraph && RuleOf(paragraph.Lines) is var rule and > 0)
            MakeTable(paragraph, rule);
    };

    public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer)
    {
    }

    private static void MakeTable(ParagraphBlock paragraph, int rule)
    {
        var lines = paragraph.Lines;
        if (rule > 1)
        {
            var above = new ParagraphBlock(paragraph.Parser) { Lines = Part(lines, 0, rule - 1), Line = paragraph.Line, IsOpen = false };
            above.Lines.Lines[rule - 2].Slice.TrimEnd();
            paragraph.Parent!.Insert(paragraph.Parent.IndexOf(paragraph), above);
            paragraph.Lines = Part(lines, rule - 1, lines.Count);
            paragraph.Line += rule - 1;
        }
        for (var row = 2; row < paragraph.Lines.Count; row++)
        {
            ref var slice = ref paragraph.Lines.Lines[row].Slice;
            if (!LastBar().IsMatch(slice.AsSpan()))
                slice = new StringSlice(slice.ToString() + " |", slice.NewLine);
        }
        paragraph.SetData(Key, true);
    }

    private static StringLineGroup Part(StringLineGroup lines, int from, int to)
    {
        var part = new StringLineGroup(to - from);
        for (var line = from; line < to; line++)
            part.Add(lines.Lines[line]);
        return part;
    }

    /// <summary>The line with the rule below a table's head, which has as many cells; −1 when there is none.</summary>
    private static int RuleOf(StringLineGroup lines)
    {
        for (var line = 1; line < lines.Count; line++)
            if (Rule().IsMatch(lines.Lines[line].Slice.AsSpan()) && lines.Lines[line].Slice.AsSpan().Contains('|')
                && (line == 1 ? Cells(lines.Lines[0]) > 0 : Cells(lines.Lines[line - 1]) == Cells(lines.Lines[line])))
                return line;
        return -1;
    }

    /// <summary>How many cells a line with bars has; 0 for one without.</summary>
    private static int Cells(StringLine line)
    {
        var text = line.Slice.ToString().Trim();
        var bars = Bar().Count(text);
        return bars == 0 ? 0 : bars + 1 - (text[0] == '|' ? 1 : 0) - (bars > 1 && LastBar().IsMatch(text) ? 1 : 0);
    }

    [GeneratedRegex(@"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();

    [GeneratedRegex(@"(?<!\\)\|[ \t]*$")]
    private static partial Regex LastBar();
}
