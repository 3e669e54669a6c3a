namespace NotebookRunner.Tests;

/// <summary>Lines that fit on a screen, in all that a reader of the source meets.</summary>
public sealed class LineTests
{
    private const int Longest = 140;
    private static readonly string Root = RepositoryRoot.Above(AppContext.BaseDirectory)!;

    [Theory, InlineData("src/NotebookHelpers"), InlineData("src/NotebookHelpers.Charts"), InlineData("src/Experiments"),
     InlineData("src/NotebookRunner"), InlineData("src/Shared"), InlineData("benchmarks")]
    public void No_line_is_longer_than_140_characters(string folder)
    {
        var tooLong = Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".js" or ".css" && !file.Split('/', '\\').Any(part => part is "obj" or "bin"))
            .SelectMany(file => File.ReadLines(file).Index()
                .Where(line => line.Item.Length > Longest)
                .Select(line => $"{Path.GetRelativePath(Root, file)}({line.Index + 1}): {line.Item.Length}"))
            .ToList();
        Assert.True(tooLong.Count == 0, $"{tooLong.Count} lines are over {Longest} characters:\n{string.Join('\n', tooLong)}");
    }
}
