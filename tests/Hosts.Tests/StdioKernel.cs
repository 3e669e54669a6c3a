using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Hosts.Tests;

/// <summary>The released kernel, spoken to over stdio as VS Code does: commands in, events out, a line of JSON each.</summary>
internal sealed class StdioKernel : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Channel<JsonNode> _events = Channel.CreateUnbounded<JsonNode>();
    private int _commands;

    private StdioKernel(string folder)
    {
        string[] arguments = ["dotnet-interactive", "stdio", "--default-kernel", "csharp", "--working-dir", folder];
        _process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1", ["WORKBOOK_PROFILE"] = "quick" },
        })!;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>A kernel that is ready, in the notebooks' folder.</summary>
    internal static async Task<StdioKernel> StartAsync()
    {
        Tools.Need();
        var kernel = new StdioKernel(Path.Combine(Tools.Root, "notebooks"));
        try
        {
            while (Kind(await kernel.NextAsync()) != "KernelReady") { }
            return kernel;
        }
        catch
        {
            kernel.Dispose();
            throw;
        }
    }

    /// <summary>Runs a cell to its end.</summary>
    internal async Task<IReadOnlyList<JsonNode>> RunAsync(string code) => await UntilEndAsync(Submit(code));

    /// <summary>Runs a cell, and interrupts it as soon as an event is of that kind.</summary>
    internal async Task<IReadOnlyList<JsonNode>> InterruptAsync(string code, string eventType)
    {
        var token = Submit(code);
        var seen = new List<JsonNode>();
        do
            seen.Add(await NextAsync());
        while (Kind(seen[^1]) != eventType);
        Send("Cancel", new JsonObject { ["targetKernelName"] = ".NET" });
        return [.. seen, .. await UntilEndAsync(token)];
    }

    internal static string? Kind(JsonNode found) => (string?)found["eventType"];

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private string Submit(string code) => Send("SubmitCode", new JsonObject { ["code"] = code, ["targetKernelName"] = "csharp" });

    private string Send(string type, JsonObject command)
    {
        var token = $"command-{++_commands}";
        var line = new JsonObject { ["token"] = token, ["commandType"] = type, ["command"] = command };
        _process.StandardInput.WriteLine(line.ToJsonString());
        _process.StandardInput.Flush();
        return token;
    }

    private async Task<List<JsonNode>> UntilEndAsync(string token)
    {
        var seen = new List<JsonNode>();
        do
            seen.Add(await NextAsync());
        while (Kind(seen[^1]) is not ("CommandSucceeded" or "CommandFailed") || (string?)seen[^1]["command"]?["token"] != token);
        return seen;
    }

    private async Task<JsonNode> NextAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        return await _events.Reader.ReadAsync(limit.Token);
    }

    private void Read(string? line)
    {
        if (line is null)
            _events.Writer.TryComplete();
        else if (line.StartsWith('{'))
            _events.Writer.TryWrite(JsonNode.Parse(line)!);
    }
}
