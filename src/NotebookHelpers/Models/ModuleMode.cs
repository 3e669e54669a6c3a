using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Holds a module in evaluation mode for a while, then gives every part of it back the mode it had: a module may be in
/// training mode as a whole and have one part frozen in evaluation mode.
/// </summary>
internal sealed class ModuleMode : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> _modes;

    internal static ModuleMode Eval(nn.Module module) => new(module);

    private ModuleMode(nn.Module module)
    {
        // Parents come before their children, so that a child's own mode is set last.
        _modes = [(module, module.training), .. module.modules().Select(part => (part, part.training))];
        module.eval();
    }

    public void Dispose()
    {
        foreach (var (module, training) in _modes)
            module.train(training);
    }

    /// <summary>Where a module's parameters are; the CPU for a module that has none.</summary>
    internal static Device DeviceOf(nn.Module module) => module.parameters().FirstOrDefault()?.device ?? CPU;
}
