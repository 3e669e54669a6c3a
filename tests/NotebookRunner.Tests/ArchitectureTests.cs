using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookRunner.Tests;

/// <summary>
/// Which folder may use which: read from the source by syntax, held against the tables below, which docs/architecture.md
/// repeats. No folder is pointed at by what it points to; a folder inside another is a part of it, and the two may use
/// each other where the table says so.
/// </summary>
public sealed class ArchitectureTests
{
    private static readonly string Root = RepositoryRoot.Above(AppContext.BaseDirectory)!;

    /// <summary>The library's folders, each with those that it may use; "" is src/NotebookHelpers itself.</summary>
    private static readonly Dictionary<string, string[]> Library = new()
    {
        ["Torch"] = [],
        ["Display"] = [],
        ["Display/Figures"] = ["Display"],
        [""] = ["Torch", "Display"],
        ["Arithmetic"] = ["Display"],
        ["Arithmetic/Views"] = ["Arithmetic", "Display"],
        ["Data"] = ["", "Display"],
        ["Learning"] = ["Display"],
        ["Models"] = ["Display", "Models/Fast"],
        ["Models/Fast"] = [],
        ["Models/Playground"] = ["Arithmetic", "Arithmetic/Views", "Data", "Display", "Models"],
        ["Training"] = ["", "Torch", "Display", "Display/Figures", "Data", "Models", "Training/Files"],
        ["Training/Files"] = [],
        ["Experiments"] = ["", "Display", "Display/Figures", "Data", "Models", "Training"],
    };

    /// <summary>The runner's folders; "" is src/NotebookRunner itself, without Program.cs, where all begins.</summary>
    private static readonly Dictionary<string, string[]> Runner = new()
    {
        ["Documents"] = [],
        ["Protocol"] = ["Documents"],
        [""] = [],
        ["Host"] = ["", "Documents", "Protocol"],
        ["Worker"] = ["", "Documents", "Protocol", "Worker/Packages"],
        ["Worker/Packages"] = ["", "Worker"],
        ["Reporting/Book/Formulas"] = ["Reporting"],
        ["Reporting/Book"] = ["", "Documents", "Protocol", "Reporting/Book/Formulas"],
        ["Reporting"] = ["", "Protocol", "Host", "Reporting/Book"],
        ["Commands"] = ["", "Documents", "Host", "Reporting", "Reporting/Book"],
    };

    public static TheoryData<string> Projects => ["NotebookHelpers", "NotebookRunner"];

    [Theory, MemberData(nameof(Projects))]
    public void A_folder_uses_only_those_that_it_may(string project)
    {
        var allowed = Allowed(project);
        var wrong = Arrows(project)
            .Where(arrow => !allowed.GetValueOrDefault(arrow.From, []).Contains(arrow.To)).ToList();
        Assert.True(wrong.Count == 0,
            $"The table of {nameof(ArchitectureTests)} allows none of these: {string.Join("; ", wrong)}. " +
            "Move the file, or the type that it uses; a new arrow goes into the table and into docs/architecture.md.");
    }

    [Theory, MemberData(nameof(Projects))]
    public void No_arrow_of_the_table_is_without_use(string project)
    {
        var found = Arrows(project).Select(arrow => (arrow.From, arrow.To)).ToHashSet();
        Assert.All(Allowed(project), folder => Assert.All(folder.Value, to => Assert.Contains((folder.Key, to), found)));
    }

    [Theory, MemberData(nameof(Projects))]
    public void No_folder_is_pointed_at_by_what_it_points_to(string project)
    {
        var arrows = Allowed(project).SelectMany(folder => folder.Value.Select(to => (From: folder.Key, To: to))).ToHashSet();
        Assert.DoesNotContain(arrows, arrow => arrows.Contains((arrow.To, arrow.From)) && !AreParts(arrow.From, arrow.To));

        static bool AreParts(string one, string other) => one.StartsWith(other + "/", StringComparison.Ordinal)
            || other.StartsWith(one + "/", StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_points_back_is_seen()
    {
        string[] files =
        [
            "A/One.cs", "namespace N; public class One { Two two; }",
            "B/Two.cs", "namespace N; public class Two { int One() => One(); string s = nameof(this.One); /* One */ }",
            "B/Three.cs", "namespace N; public record Three(System.Collections.Generic.List<One> Ones);",
        ];
        var arrows = Arrows(files.Chunk(2).Select(file => (file[0], file[1])));
        Assert.Equal(["A → B (One.cs: Two)", "B → A (Three.cs: One)"], arrows.Select(arrow => arrow.ToString()));
    }

    private static Dictionary<string, string[]> Allowed(string project) => project == "NotebookHelpers" ? Library : Runner;

    private static List<Arrow> Arrows(string project)
    {
        var root = Path.Combine(Root, "src", project);
        return Arrows(Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => IsSource(file) && Path.GetFileName(file) != "Program.cs")
            .Select(file => (Path.GetRelativePath(root, file).Replace('\\', '/'), File.ReadAllText(file))));
    }

    /// <summary>Every use of a type that another folder declares, found by the type's name.</summary>
    private static List<Arrow> Arrows(IEnumerable<(string Path, string Text)> files)
    {
        var parsed = files.Select(file => (file.Path, Tree: CSharpSyntaxTree.ParseText(file.Text).GetRoot())).ToList();
        var folders = parsed.SelectMany(file => Declared(file.Tree).Select(type => (type, Folder: Folder(file.Path))))
            .DistinctBy(type => type.type).ToDictionary(type => type.type, type => type.Folder);
        return [.. parsed.SelectMany(file => Used(file.Tree)
                .Where(name => folders.TryGetValue(name, out var folder) && folder != Folder(file.Path))
                .Select(name => new Arrow(Folder(file.Path), folders[name], $"{Path.GetFileName(file.Path)}: {name}")))
            .OrderBy(arrow => arrow.ToString(), StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Declared(SyntaxNode tree) => tree.DescendantNodes(node => node is not BaseTypeDeclarationSyntax)
        .OfType<BaseTypeDeclarationSyntax>().Select(type => type.Identifier.Text);

    /// <summary>Names that stand for a type: by their place, and because the file gives the name to nothing of its own.</summary>
    private static IEnumerable<string> Used(SyntaxNode tree)
    {
        var own = tree.DescendantNodes().Select(Own).ToHashSet();
        return tree.DescendantNodes().OfType<SimpleNameSyntax>()
            .Where(name => name.Parent is not QualifiedNameSyntax qualified || qualified.Left == name)
            .Where(name => SyntaxFacts.IsInTypeOnlyContext(name) || name.Parent is ConstantPatternSyntax or AttributeSyntax
                || name.Parent is MemberAccessExpressionSyntax access && access.Expression == name)
            .Select(name => name.Identifier.Text)
            .Where(name => !own.Contains(name))
            .Distinct();

        static string? Own(SyntaxNode node) => node switch
        {
            BaseTypeDeclarationSyntax type when type.Parent is BaseTypeDeclarationSyntax => type.Identifier.Text,
            DelegateDeclarationSyntax type => type.Identifier.Text,
            MethodDeclarationSyntax method => method.Identifier.Text,
            LocalFunctionStatementSyntax function => function.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            VariableDeclaratorSyntax variable => variable.Identifier.Text,
            ParameterSyntax parameter => parameter.Identifier.Text,
            _ => null,
        };
    }

    private static string Folder(string path) => Path.GetDirectoryName(path)!.Replace('\\', '/');

    private static bool IsSource(string file) => !file.Split('/', '\\').Any(part => part is "obj" or "bin");

    private sealed record Arrow(string From, string To, string Where)
    {
        public override string ToString() => $"{Name(From)} → {Name(To)} ({Where})";

        private static string Name(string folder) => folder == "" ? "(the project's own folder)" : folder;
    }
}
