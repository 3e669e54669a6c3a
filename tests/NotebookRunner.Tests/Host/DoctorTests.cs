using NotebookRunner.Commands;

namespace NotebookRunner.Tests.Host;

/// <summary>The doctor, on made-up machines.</summary>
public sealed class DoctorTests : IDisposable
{
    private const string Extension = "ms-dotnettools.dotnet-interactive-vscode";

    private static readonly string[] Mnist =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];
    private string? _sdk = "10.0.401";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_machine_that_has_all_is_well()
    {
        Everything();

        var (exit, lines) = Ask();

        Assert.Equal(0, exit);
        Assert.All(lines[..^1], line => Assert.StartsWith("ok", line));
        Assert.Contains(lines, line => line.Contains("Polyglot Notebooks 1.0.7120010"));
    }

    [Theory]
    [InlineData("repo/artifacts/NotebookHelpers/NotebookHelpers.dll", "NotebookHelpers.dll", "dotnet build")]
    [InlineData("repo/artifacts/NotebookHelpers/charts/NotebookHelpers.Charts.dll", "charts/NotebookHelpers.Charts.dll", "dotnet build")]
    [InlineData("repo/.config/dotnet-tools.json", "cannot be read", "git checkout")]
    public void What_the_lessons_need_is_asked_for(string missing, string found, string toDo)
    {
        Everything();
        File.Delete(_folder.File(missing.Split('/')));

        var (exit, lines) = Ask();

        Assert.Equal(2, exit);
        var line = Assert.Single(lines, line => line.StartsWith("to do", StringComparison.Ordinal));
        Assert.Contains(found, line);
        Assert.Contains(toDo, line);
        Assert.Equal("1 thing to do.", lines[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"tools\": 3}")]
    [InlineData("{\"tools\": {\"dotnet-repl\": null}}")]
    public void A_damaged_tool_manifest_is_one_line(string text)
    {
        Everything();
        Write("repo/.config/dotnet-tools.json", text);

        Assert.Single(Ask().Lines, line => line.StartsWith("to do  Tools", StringComparison.Ordinal));
    }

    [Fact]
    public void A_machine_without_SDK_is_told_which()
    {
        Everything();
        _sdk = null;

        Assert.Contains(Ask().Lines, line => line.StartsWith("to do  SDK", StringComparison.Ordinal) && line.Contains(".NET 10 SDK"));
    }

    [Fact]
    public void What_only_some_readers_use_is_said_and_is_no_fault()
    {
        Write("repo/artifacts/NotebookHelpers/NotebookHelpers.dll");
        Write("repo/artifacts/NotebookHelpers/TorchSharp.Numerics.dll");
        Write("repo/artifacts/NotebookHelpers/charts/NotebookHelpers.Charts.dll");
        Write("repo/.config/dotnet-tools.json", "{\"tools\": {\"dotnet-repl\": {\"version\": \"0.3.259\"}}}");

        var (exit, lines) = Ask();

        Assert.Equal(0, exit);
        Assert.Contains(lines, line => line.StartsWith('–') && line.Contains("dotnet tool restore"));
        Assert.Contains(lines, line => line.StartsWith('–') && line.Contains("jupyter install"));
        Assert.Contains(lines, line => line.StartsWith('–') && line.Contains("sample digits"));
        Assert.Contains(lines, line => line.StartsWith('–') && line.Contains("code --install-extension"));
    }

    [Fact]
    public void A_data_folder_that_is_named_and_lacks_a_file_is_a_fault()
    {
        Everything();
        File.Delete(_folder.File("digits", Mnist[1]));

        Assert.Contains(Ask().Lines, line =>
            line.StartsWith("to do  MNIST", StringComparison.Ordinal) && line.Contains("train-labels-idx1-ubyte"));
    }

    [Theory]
    [InlineData("MNIST/raw/train-images-idx3-ubyte", "MNIST/raw/train-labels-idx1-ubyte.gz", "MNIST/raw/t10k-images-idx3-ubyte",
        "MNIST/raw/t10k-labels-idx1-ubyte", true)]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "T10K-labels.idx1-ubyte (1)", true)]
    [InlineData("train_images.gz", "train_labels.gz", "test_images.gz", "test_labels.gz", true)]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "train-labels.idx1-ubyte.gz", false)]
    public void Data_that_the_library_finds_under_other_names_is_no_fault(string a, string b, string c, string d, bool found)
    {
        Everything();
        Directory.Delete(_folder.File("digits"), recursive: true);
        foreach (var file in new[] { a, b, c, d })
            Write($"digits/{file}");

        Assert.Single(Ask().Lines, line => line.StartsWith(found ? "ok" : "to do", StringComparison.Ordinal) && line.Contains("MNIST"));
    }

    [Theory]
    [InlineData("roaming/Code/User/globalStorage")]
    [InlineData("roaming/Code - Insiders/User/globalStorage")]
    [InlineData("home/.vscode-server/data/User/globalStorage")]
    [InlineData("home/.local/share/code-server/User/globalStorage")]
    public void The_extensions_misplaced_manifest_is_said_and_moved_when_asked(string storage)
    {
        Everything();
        var written = Write($"{storage}/{Extension}/dotnet-tools.json", "{ \"version\": 1 }");
        var wanted = _folder.File([.. storage.Split('/'), Extension, ".config", "dotnet-tools.json"]);

        var (exit, lines) = Ask();
        Assert.Equal(2, exit);
        Assert.Contains(lines, line =>
            line.StartsWith("to do", StringComparison.Ordinal) && line.Contains(written) && line.Contains("--fix"));
        Assert.True(File.Exists(written));

        (exit, lines) = Ask(fix: true);
        Assert.Equal(0, exit);
        Assert.Contains(lines, line => line.StartsWith("fixed", StringComparison.Ordinal));
        Assert.Equal("{ \"version\": 1 }", File.ReadAllText(wanted));
        Assert.False(File.Exists(written));
        Assert.Equal(0, Ask().Exit);
    }

    [Fact]
    public void A_manifest_in_its_place_is_left_alone()
    {
        Everything();
        var storage = $"roaming/Code/User/globalStorage/{Extension}";
        var (written, wanted) = (Write($"{storage}/dotnet-tools.json", "new"), Write($"{storage}/.config/dotnet-tools.json", "old"));

        Assert.Equal(0, Ask(fix: true).Exit);
        Assert.Equal(("new", "old"), (File.ReadAllText(written), File.ReadAllText(wanted)));
    }

    [Fact]
    public void A_move_that_fails_is_said()
    {
        Everything();
        var storage = $"roaming/Code/User/globalStorage/{Extension}";
        var written = Write($"{storage}/dotnet-tools.json", "kept");
        Write($"{storage}/.config", "a file where a folder is wanted");

        var (exit, lines) = Ask(fix: true);

        Assert.Equal(2, exit);
        Assert.Contains(lines, line => line.Contains("could not be moved"));
        Assert.Equal("kept", File.ReadAllText(written));
    }

    private void Everything()
    {
        Write("repo/artifacts/NotebookHelpers/NotebookHelpers.dll");
        Write("repo/artifacts/NotebookHelpers/TorchSharp.Numerics.dll");
        Write("repo/artifacts/NotebookHelpers/charts/NotebookHelpers.Charts.dll");
        Write("repo/.config/dotnet-tools.json", "{\"tools\": {\"dotnet-repl\": {\"version\": \"0.3.259\"}}}");
        Write("home/.nuget/packages/dotnet-repl/0.3.259/dotnet-repl.nuspec");
        Write("home/.local/share/jupyter/kernels/.net-csharp/kernel.json");
        Write($"home/.vscode/extensions/{Extension}-1.0.7120010/package.json");
        foreach (var file in Mnist)
            Write($"digits/{file}");
        _variables["WORKBOOK_DATA"] = _folder.File("digits");
    }

    private string Write(string path, string text = "")
    {
        var file = _folder.File(path.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    private (int Exit, string[] Lines) Ask(bool fix = false)
    {
        var machine = new DoctorMachine(
            _folder.File("repo"), _folder.File("home"), _folder.File("roaming"), name => _variables.GetValueOrDefault(name), () => _sdk);
        var output = new StringWriter();
        var exit = DoctorCommand.Invoke(machine, fix, output);
        return (exit, output.ToString().Split(output.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
