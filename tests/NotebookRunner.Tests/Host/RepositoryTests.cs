using NotebookRunner.Documents;
using NotebookRunner.Host;

namespace NotebookRunner.Tests.Host;

public sealed class RepositoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RepositoryTests()
    {
        File.WriteAllText(_folder.File("Workbook.slnx"), "<Solution />");
        Directory.CreateDirectory(_folder.File("notebooks"));
        foreach (var name in new[] { "02-b.ipynb", "01-a.ipynb", "notes.txt" })
            File.WriteAllText(_folder.File("notebooks", name), "{}");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Is_found_from_any_folder_in_it() =>
        Assert.Equal(_folder.Path, Repository.Find(_folder.File("notebooks")).Root);

    [Fact]
    public void Is_found_from_the_runner_itself_elsewhere() =>
        Assert.True(File.Exists(Path.Combine(Repository.Find(Path.GetTempPath()).Root, "Workbook.slnx")));

    [Fact]
    public void Runs_all_lessons_in_name_order_when_nothing_is_named() =>
        Assert.Equal(["01-a.ipynb", "02-b.ipynb"], Names());

    [Theory]
    [InlineData("02", "02-b.ipynb")]
    [InlineData("02-b.ipynb", "02-b.ipynb")]
    [InlineData("notebooks/01-a.ipynb", "01-a.ipynb")]
    [InlineData("notebooks", "01-a.ipynb", "02-b.ipynb")]
    public void Finds_lessons_by_path_folder_and_beginning(string path, params string[] expected) =>
        Assert.Equal(expected, Names(path));

    [Fact]
    public void Names_the_lessons_when_one_is_not_found() =>
        Assert.Contains("01-a, 02-b", Assert.Throws<UsageException>(() => Names("03")).Message);

    [Fact]
    public void Says_so_when_there_is_no_notebook()
    {
        Directory.CreateDirectory(_folder.File("empty"));
        Assert.Contains("no notebook", Assert.Throws<UsageException>(() => Names("empty")).Message);
    }

    [Fact]
    public void A_folder_that_is_named_as_a_notebook_is_one_that_cannot_be_read()
    {
        Directory.CreateDirectory(_folder.File("x.ipynb"));

        Assert.Equal(["x.ipynb", "01-a.ipynb"], Names("x.ipynb", "01"));
        Assert.Contains(
            "it is a folder", Assert.Throws<NotebookFormatException>(() => NotebookDocument.Read(_folder.File("x.ipynb"))).Message);
    }

    private IEnumerable<string?> Names(params string[] paths) =>
        new Repository(_folder.Path).Resolve(paths, _folder.Path).Select(Path.GetFileName);
}
