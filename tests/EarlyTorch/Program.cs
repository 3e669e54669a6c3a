// EarlyTorch early: uses TorchSharp before the workbook has loaded its libraries, then starts the workbook.
// EarlyTorch RUNTIME-ID: starts the workbook as on a machine whose .NET calls itself so.
// Each says what came of it.
using NotebookHelpers;
using TorchSharp;

if (args is ["early"])
    UseTorchEarly();
else
    UseMachine(args[0]);

static void UseTorchEarly()
{
    const string Packages = "NUGET_PACKAGES";
    var usual = Environment.GetEnvironmentVariable(Packages);
    // TorchSharp by itself would copy libtorch's 490 MB out of the package folder; here it finds none.
    Environment.SetEnvironmentVariable(Packages, Path.Combine(AppContext.BaseDirectory, "no packages"));
    Try("early", () => torch.ones(2).Dispose());
    Environment.SetEnvironmentVariable(Packages, usual);
    Try("start", () => Workbook.Start());
}

static void UseMachine(string runtimeId)
{
    AppContext.SetData("RUNTIME_IDENTIFIER", runtimeId); // where RuntimeInformation takes it from, at its first use
    Console.WriteLine($"HasTorch: {Workbook.HasTorch}");
    var status = Workbook.Start(torchIsOptional: true);
    Console.WriteLine($"optional: {status.ToText().ReplaceLineEndings(" ")}");
    Console.WriteLine($"device: {status.Device}");
    Try("needed", () => Workbook.Start());
    var image = new double[,] { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } };
    var result = Convolution.CrossCorrelate(image, new double[,] { { 1, 0 }, { 0, -1 } });
    Console.WriteLine($"convolution: {result.Values[0, 0] + result.Values[1, 1] + 1}");
    Console.WriteLine($"view: {result.ToHtml()[..7]}");
    Console.WriteLine($"pooling: {Pooling.Max(image, 2, 1).Values[1, 1]}");
}

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
