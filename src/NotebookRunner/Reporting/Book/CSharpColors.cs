using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Classification;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace NotebookRunner.Reporting.Book;

/// <summary>C# in colours, as Roslyn itself tells keywords from names: scripts, in the language's newest version.</summary>
internal static class CSharpColors
{
    // Names that every cell may use get their colours; those of other cells and packages stay plain.
    private static readonly string[] Assemblies =
        ["System.Private.CoreLib", "System.Runtime", "System.Console", "System.Collections", "System.Linq"];

    private static readonly string[] Usings =
        ["System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq"];

    private static readonly Lazy<Project> Scripts = new(MakeProject);

    internal static string Highlight(string code)
    {
        if (CodeDepth.IsExcessive(code))
            return WebUtility.HtmlEncode(code);
        var document = Scripts.Value.AddDocument("cell.csx", SourceText.From(code));
        if (CodeDepth.IsExcessive(document.GetSyntaxRootAsync().GetAwaiter().GetResult()!))
            return WebUtility.HtmlEncode(code);
        var spans = Classifier.GetClassifiedSpansAsync(document, new TextSpan(0, code.Length)).GetAwaiter().GetResult();
        var html = new StringBuilder();
        var at = 0;
        foreach (var part in spans)
        {
            var span = part.TextSpan;
            if (Class(part.ClassificationType) is not { } name || span.Start < at) // plain, or a second opinion on the same text
                continue;
            html.Append(WebUtility.HtmlEncode(code[at..span.Start]));
            html.Append($"<span class=\"{name}\">{WebUtility.HtmlEncode(code[span.Start..span.End])}</span>");
            at = span.End;
        }
        return html.Append(WebUtility.HtmlEncode(code[at..])).ToString();
    }

    private static string? Class(string kind) => kind switch
    {
        ClassificationTypeNames.Keyword or ClassificationTypeNames.PreprocessorKeyword => "keyword",
        ClassificationTypeNames.ControlKeyword => "controlKeyword",
        ClassificationTypeNames.StringLiteral or ClassificationTypeNames.VerbatimStringLiteral
            or ClassificationTypeNames.StringEscapeCharacter => "string",
        ClassificationTypeNames.NumericLiteral => "number",
        ClassificationTypeNames.ClassName or ClassificationTypeNames.StructName or ClassificationTypeNames.RecordClassName
            or ClassificationTypeNames.RecordStructName or ClassificationTypeNames.InterfaceName or ClassificationTypeNames.EnumName
            or ClassificationTypeNames.DelegateName or ClassificationTypeNames.TypeParameterName => "type",
        _ when kind.StartsWith("xml doc comment", StringComparison.Ordinal) => "comment",
        ClassificationTypeNames.Comment or ClassificationTypeNames.ExcludedCode => "comment",
        _ => null,
    };

    private static Project MakeProject()
    {
        var references = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator)
            .Where(file => Assemblies.Contains(Path.GetFileNameWithoutExtension(file)))
            .Select(file => MetadataReference.CreateFromFile(file));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary).WithUsings(Usings);
        var language = new CSharpParseOptions(LanguageVersion.Preview, kind: SourceCodeKind.Script);
        return new AdhocWorkspace().AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "cells", "cells", LanguageNames.CSharp,
            compilationOptions: options, parseOptions: language, metadataReferences: references, isSubmission: true));
    }
}
