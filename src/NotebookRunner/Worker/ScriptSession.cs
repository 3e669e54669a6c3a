using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace NotebookRunner.Worker;

/// <summary>The C# of a session: every piece of code is a submission of Roslyn scripting, so state carries over.</summary>
internal sealed class ScriptSession
{
    // As the kernel begins, which gives the submissions their numbers.
    private static readonly string Prelude =
        $"using static {typeof(Microsoft.DotNet.Interactive.Kernel).FullName};\nusing static {typeof(CellHelpers).FullName};";

    private ScriptOptions _options = ScriptOptions.Default
        // The compiler of the released kernel knows this version; what later ones reserve are names in cells.
        .WithLanguageVersion(LanguageVersion.CSharp14)
        .WithImports(
            "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq")
        .WithReferences(SessionReferences.Default)
        // Loops in a cell run as fast as in a program; the debug information gives errors their lines.
        .WithOptimizationLevel(OptimizationLevel.Release)
        .WithEmitDebugInformation(true)
        .WithFileEncoding(Encoding.UTF8);

    private ScriptState<object>? _state;
    private string? _resolverFolder;

    /// <summary>The submissions so far.</summary>
    internal Submissions Submissions { get; } = new();

    /// <summary>The variables by name; of several with one name the last.</summary>
    internal IReadOnlyDictionary<string, object?> Variables => (_state?.Variables ?? [])
        .GroupBy(variable => variable.Name)
        .ToDictionary(group => group.Key, group => (object?)group.Last().Value);

    /// <summary>Compiles and runs the kernel's own first submission; the first cell does it, where this was not called.</summary>
    internal async Task PrepareAsync()
    {
        if (_state is not null)
            return;
        UpdateResolvers();
        _state = await CSharpScript.Create<object>(Prelude, _options).RunAsync();
    }

    /// <summary>Makes assemblies known to the compiler.</summary>
    internal void AddReferences(IEnumerable<string> files) => _options = _options.AddReferences(files.Select(SessionReferences.FromFile));

    /// <summary>Compiles code and runs it.</summary>
    /// <param name="run">The cell that it belongs to.</param>
    /// <param name="code">The code.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <returns>Whether it ends in an expression, and its value.</returns>
    /// <exception cref="CompilationErrorException">It is no C#; nothing of it ran.</exception>
    internal async Task<(bool HasValue, object? Value)> SubmitAsync(CellContext run, string code, SubmissionOrigin origin)
    {
        UpdateResolvers();
        var script = _state!.Script.ContinueWith<object>(code, _options.WithFilePath(Submissions.Add(origin)));
        // What was assigned before an exception stays: the state is taken over in either case.
        var after = await script.RunFromAsync(_state, _ => true, run.Cancellation);
        if (run.HasEnded)
            return default; // it was left to itself, and later cells have gone on without it
        _state = after;
        if (_state.Exception is { } thrown)
            ExceptionDispatchInfo.Throw(thrown);
        return (HasReturnValue(script), _state.ReturnValue);
    }

    // Relative paths in #r and #load are the working directory's, which a cell may change.
    private void UpdateResolvers()
    {
        var current = Directory.GetCurrentDirectory();
        if (current == _resolverFolder)
            return;
        _resolverFolder = current;
        _options = _options
            .WithMetadataResolver(new SessionReferences(current))
            .WithSourceResolver(new SubmissionSources(current));
    }

    /// <summary>
    /// Finds what #load names, and leaves a submission's own name as it is, which is no file's, so that traces name the cell.
    /// [CallerFilePath] has nothing for a cell, as in the kernel; only by who asks can the two questions be told apart.
    /// </summary>
    private sealed class SubmissionSources(string folder) : SourceFileResolver(ImmutableArray<string>.Empty, folder)
    {
        private const string AsksForCaller = "GetDisplayPath";

        public override string? NormalizePath(string path, string? baseFilePath) =>
            baseFilePath is not null ? base.NormalizePath(path, baseFilePath)
            : new StackFrame(1).GetMethod()?.Name == AsksForCaller ? ""
            : path;
    }

    // The question that the kernel asks Roslyn: whether a submission ends in an expression.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "HasReturnValue")]
    private static extern bool HasReturnValue(Script script);
}
