using NotebookRunner.Worker;

namespace NotebookRunner.Tests.Worker;

public sealed class MachinePathsTests
{
    private static readonly string Root = Path.Combine(Path.GetTempPath(), "workbook-clone");
    private static readonly string Notebooks = Path.Combine(Root, "notebooks");

    private static readonly char S = Path.DirectorySeparatorChar;

    private static readonly string Packages = Path.Combine(Root, "packages-elsewhere"), Home = Path.Combine(Path.GetTempPath(), "reader");

    private readonly MachinePaths _paths = new(Notebooks, Packages, Home);

    [Fact]
    public void Known_folders_are_named()
    {
        var text = _paths.Cut($"'{Notebooks}{S}a.txt' and {Notebooks} and ({Root}{S}artifacts{S}b.dll:3)");
        Assert.Equal($"'<notebook folder>{S}a.txt' and <notebook folder> and (<notebook folder>/..{S}artifacts{S}b.dll:3)", text);
    }

    [Fact]
    public void Folder_whose_name_only_begins_alike_is_another_folder()
    {
        var text = _paths.Cut($"{Notebooks}-old{S}a.txt");
        Assert.Equal($"<notebook folder>/..{S}notebooks-old{S}a.txt", text);
    }

    [Fact]
    public void Home_is_a_tilde() => Assert.Equal($"see ~{S}x", _paths.Cut($"see {Home}{S}x"));

    [Theory, InlineData("/"), InlineData(""), InlineData(@"C:\")]
    public void A_user_without_a_home_has_no_tilde(string home)
    {
        const string Text = @"see / and /x and C:\x";
        Assert.Equal(Text, new MachinePaths(Notebooks, Packages, home).Cut(Text));
    }
}
