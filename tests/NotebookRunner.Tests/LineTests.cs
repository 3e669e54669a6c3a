using System.Text;

namespace NotebookRunner.Tests;

/// <summary>Lines that fit on a screen, in all that a reader of the source meets.</summary>
public sealed class LineTests
{
    private const int Longest = 140;
    private static readonly string Root = RepositoryRoot.Above(AppContext.BaseDirectory)!;

    [Theory, InlineData("src"), InlineData("tests"), InlineData("benchmarks")]
    public void No_line_is_longer_than_140_bytes(string folder)
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".js" or ".css")
            .Where(file => !file.Split('/', '\\').Any(part => part is "obj" or "bin")).ToList();
        var tooLong = sources.SelectMany(file => File.ReadLines(file).Index()
            .Select(line => (Place: $"{Path.GetRelativePath(Root, file)}({line.Index + 1})", Bytes: Encoding.UTF8.GetByteCount(line.Item)))
            .Where(line => line.Bytes > Longest)).ToList();

        Assert.NotEmpty(sources);
        Assert.True(tooLong.Count == 0, $"{tooLong.Count} lines are over {Longest} bytes:\n{string.Join('\n', tooLong)}");
    }
}
