using System.Reflection;

namespace NotebookHelpers;

/// <summary>
/// One output of the running cell that is replaced in place while the cell works: what a saved notebook keeps is its last
/// state. In the released kernel the handle that <c>display</c> returns reaches nothing (output and update have different
/// ids); the running cell's own Display keeps one id, so it is taken where the host has it. dotnet-repl adds every update
/// as one more output, so there the last state is shown once, when the cell ends. All is found by reflection: no kernel
/// package is referenced. In a program without a notebook nothing is shown.
/// </summary>
public sealed class LiveView
{
    private const string Kernel = "Microsoft.DotNet.Interactive.Kernel", Context = "Microsoft.DotNet.Interactive.KernelInvocationContext";

    private static readonly string[] NoMimeTypes = [];

    private object? _shown;
    private object _last;

    private LiveView(object value) => _last = value;

    /// <summary>Shows a value in the running cell, at once.</summary>
    /// <param name="value">The value; what replaces it later is shown as the same MIME types.</param>
    public static LiveView Show(object value)
    {
        var view = new LiveView(value);
        if (RunningCell() is not { } cell)
            view._shown = Find(Kernel, "display", typeof(object), typeof(string[]))?.Invoke(null, [value, NoMimeTypes]);
        else if (Assembly.GetEntryAssembly()?.GetName().Name == "dotnet-repl")
            cell.GetType().GetMethod("OnComplete")!.Invoke(cell, [new Action<object>(ended => ShowIn(ended, view._last))]);
        else
            view._shown = ShowIn(cell, value);
        return view;
    }

    /// <summary>Replaces what is shown.</summary>
    /// <param name="value">What to show from now on.</param>
    public void Update(object value)
    {
        _last = value;
        _shown?.GetType().GetMethod("Update", [typeof(object)])?.Invoke(_shown, [value]);
    }

    private static object? RunningCell() => Loaded(Context)
        .Select(type => type.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
        .FirstOrDefault(cell => cell is not null);

    private static object? ShowIn(object cell, object value) =>
        Find($"{Context}Extensions", "Display", cell.GetType(), typeof(object), typeof(string[]))?.Invoke(null, [cell, value, NoMimeTypes]);

    private static MethodInfo? Find(string type, string method, params Type[] parameters) => Loaded(type)
        .Select(found => found.GetMethod(method, BindingFlags.Public | BindingFlags.Static, parameters))
        .FirstOrDefault(found => found is not null);

    private static IEnumerable<Type> Loaded(string type) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(type)).OfType<Type>();
}
