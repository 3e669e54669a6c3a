using System.Globalization;
using System.Text.Json.Nodes;
using ReleasedKernel;

// ReleasedKernel NOTEBOOK RESULT: runs the notebook's code cells on the released C# kernel, in the notebook's folder, and
// writes what it gave for each.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
var (notebook, result) = (Path.GetFullPath(args[0]), Path.GetFullPath(args[1]));
Directory.SetCurrentDirectory(Path.GetDirectoryName(notebook)!);
var sources = JsonNode.Parse(await File.ReadAllTextAsync(notebook))!["cells"]!.AsArray()
    .Where(cell => (string?)cell!["cell_type"] == "code").Select(cell => (string)cell!["source"]!);

var kernel = Session.CreateKernel();
var cells = new JsonArray();
foreach (var source in sources)
{
    cells.Add(await Session.RunAsync(kernel, source));
    await File.WriteAllTextAsync(result, new JsonObject { ["cells"] = cells.DeepClone() }.ToJsonString());
}
Environment.Exit(0); // threads that a cell left behind do not keep it alive
