using System.Text.Json.Nodes;

namespace Hosts.Tests;

/// <summary>The tool manifest of a fresh clone.</summary>
public sealed class ManifestTests
{
    [Fact]
    public void The_last_released_kernel_and_dotnet_repl_are_pinned_and_can_be_restored()
    {
        var tools = JsonNode.Parse(File.ReadAllText(Path.Combine(Tools.Root, ".config", "dotnet-tools.json")))!["tools"]!;
        Assert.Equal("1.0.712001", (string?)tools["microsoft.dotnet-interactive"]!["version"]);
        Assert.Equal("0.3.259", (string?)tools["dotnet-repl"]!["version"]);

        var clone = Directory.CreateTempSubdirectory("fresh-clone");
        try
        {
            var config = clone.CreateSubdirectory(".config").FullName;
            File.Copy(Path.Combine(Tools.Root, ".config", "dotnet-tools.json"), Path.Combine(config, "dotnet-tools.json"));
            var (exitCode, output) = Tools.Run(clone.FullName, "dotnet", "tool", "restore");

            // A machine without network restores from its cache; without either it says NU1301, and nothing can be told.
            Assert.SkipWhen(output.Contains("NU1301"), output);
            Assert.True(exitCode == 0, output);
            Assert.Contains("1.0.712001", Tools.Run(clone.FullName, "dotnet", "dotnet-interactive", "--version").Output);
        }
        finally
        {
            clone.Delete(recursive: true);
        }
    }
}
