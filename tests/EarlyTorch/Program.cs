// Uses TorchSharp before the workbook has loaded its libraries, then starts the workbook, and says what came of both.
using NotebookHelpers;
using TorchSharp;

const string Packages = "NUGET_PACKAGES";
var usual = Environment.GetEnvironmentVariable(Packages);
// TorchSharp by itself would copy libtorch's 490 MB out of the package folder; here it finds none.
Environment.SetEnvironmentVariable(Packages, Path.Combine(AppContext.BaseDirectory, "no packages"));
Try("early", () => torch.ones(2).Dispose());
Environment.SetEnvironmentVariable(Packages, usual);
Try("start", () => Workbook.Start());

static void Try(string name, Action use)
{
    try
    {
        use();
        Console.WriteLine($"{name}: works");
    }
    catch (Exception e)
    {
        Console.WriteLine($"{name}: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
    }
}
