using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookRunner.Documents;

/// <summary>
/// Sets a notebook's parameters as papermill does: after the cell tagged <c>parameters</c> comes one tagged
/// <c>injected-parameters</c>, which replaces an earlier one. A value is typed by the variable that it sets.
/// </summary>
internal static class NotebookParameters
{
    private const string Tag = "parameters";

    /// <summary>The tag of the cell that sets them.</summary>
    internal const string InjectedTag = "injected-parameters";

    /// <summary>Adds the cell, where there are parameters.</summary>
    /// <exception cref="NotebookFormatException">The notebook does not have such a parameter, or the value does not fit it.</exception>
    internal static void Apply(NotebookDocument document, IReadOnlyDictionary<string, string> parameters, string name)
    {
        if (parameters.Count == 0)
            return;
        var index = IndexOf(document, Tag);
        if (index < 0)
            throw new NotebookFormatException(
                $"{name} takes no parameters: it has no code cell tagged '{Tag}'. Tag the cell that sets the defaults.");
        var known = Variables(document.Cells[index].Source);
        var unknown = parameters.Keys.Where(key => !known.ContainsKey(key)).ToList();
        if (unknown.Count > 0)
            throw new NotebookFormatException(
                $"{name} has no parameter {string.Join(" and no parameter ", unknown.Select(key => $"'{key}'"))}; it has " +
                (known.Count == 0 ? "none." : string.Join(", ", known.Select(variable => $"{variable.Value.Type} {variable.Key}")) + "."));
        var lines = parameters.Select(parameter => Assignment(parameter.Key, known[parameter.Key], parameter.Value));

        // A cell with both tags holds the defaults: it stays.
        if (IndexOf(document, InjectedTag, except: index) is var earlier and >= 0)
        {
            document.RemoveAt(earlier);
            index = IndexOf(document, Tag);
        }
        var metadata = (JsonObject?)document.Cells[index].Node["metadata"]?.DeepClone() ?? [];
        metadata["tags"] = new JsonArray(InjectedTag);
        document.Insert(index + 1, new()
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["metadata"] = metadata,
            ["outputs"] = new JsonArray(),
            ["source"] = MultilineText.Split("// Parameters\n" + string.Join('\n', lines)),
        });
    }

    /// <summary>The parameters of a notebook, each with its type; none where there are none, or where the file is no notebook.</summary>
    internal static IReadOnlyDictionary<string, string> Known(string path)
    {
        try
        {
            var document = NotebookDocument.Read(path);
            return IndexOf(document, Tag) is var index and >= 0
                ? Variables(document.Cells[index].Source).ToDictionary(variable => variable.Key, variable => variable.Value.Type)
                : new Dictionary<string, string>();
        }
        catch (Exception)
        {
            return new Dictionary<string, string>(); // whatever is wrong with it, its own run says so
        }
    }

    private static int IndexOf(NotebookDocument document, string tag, int except = -1)
    {
        for (var i = 0; i < document.Cells.Count; i++)
            if (i != except && document.Cells[i].IsCode && document.Cells[i].Tags.Contains(tag))
                return i;
        return -1;
    }

    private static Dictionary<string, (string Type, bool IsConstant)> Variables(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, new(kind: SourceCodeKind.Script));
        var variables = new Dictionary<string, (string, bool)>(StringComparer.Ordinal);
        foreach (var field in tree.GetRoot().ChildNodes().OfType<FieldDeclarationSyntax>())
            foreach (var variable in field.Declaration.Variables)
            {
                var type = field.Declaration.Type.ToString();
                if (type == "var")
                    type = LiteralType(variable.Initializer?.Value) ?? type;
                variables[variable.Identifier.ValueText] = (type, field.Modifiers.Any(SyntaxKind.ConstKeyword));
            }
        return variables;
    }

    private static string? LiteralType(ExpressionSyntax? value) => value switch
    {
        PrefixUnaryExpressionSyntax { Operand: LiteralExpressionSyntax operand } => LiteralType(operand),
        LiteralExpressionSyntax { Token.Value: var literal } => literal switch
        {
            int => "int",
            long => "long",
            float => "float",
            double => "double",
            decimal => "decimal",
            string => "string",
            bool => "bool",
            char => "char",
            _ => null,
        },
        InterpolatedStringExpressionSyntax => "string",
        // Workbook.Choose(full: 20, quick: 1) is of its arguments' type.
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Choose" } } choice
            when choice.ArgumentList.Arguments.Select(one => LiteralType(one.Expression)).Distinct().ToList() is [{ } common] => common,
        _ => null,
    };

    private static string? Real<T>(string value, string suffix) where T : IBinaryFloatingPointIeee754<T> =>
        T.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var read) && T.IsFinite(read)
            ? read.ToString("R", CultureInfo.InvariantCulture) + suffix
            : null;

    private static string Assignment(string name, (string Type, bool IsConstant) variable, string value)
    {
        var (type, isConstant) = variable;
        var invariant = CultureInfo.InvariantCulture;
        var number = type.TrimEnd('?') is "decimal" ? NumberStyles.Float : NumberStyles.Integer;
        var literal = type.TrimEnd('?') switch
        {
            _ when value == "null" && type.EndsWith('?') => value,
            "int" => int.TryParse(value, number, invariant, out var read) ? SymbolDisplay.FormatPrimitive(read, true, false) : null,
            "long" => long.TryParse(value, number, invariant, out var read) ? SymbolDisplay.FormatPrimitive(read, true, false) : null,
            "double" => Real<double>(value, "d"),
            "float" => Real<float>(value, "f"),
            "decimal" => decimal.TryParse(value, number, invariant, out var read) ? read.ToString(invariant) + "m" : null,
            "bool" => bool.TryParse(value, out var read) ? (read ? "true" : "false") : null,
            "char" => value.Length == 1 ? SymbolDisplay.FormatLiteral(value[0], quote: true) : null,
            "string" => SymbolDisplay.FormatLiteral(value, quote: true),
            _ => SyntaxFactory.ParseExpression(value) is { ContainsDiagnostics: false } expression ? expression.ToString() : null,
        };
        return literal is null
            ? throw new NotebookFormatException($"The parameter '{name}' is of type {type}, and '{value}' is no such value.")
            : $"{(isConstant ? $"const {type} " : "")}{name} = {literal};";
    }
}
