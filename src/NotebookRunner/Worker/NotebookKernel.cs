using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.ValueSharing;

namespace NotebookRunner.Worker;

/// <summary>
/// The session as code sees it that asks for the kernel: cells by <c>Kernel.Current</c>, packages' extensions by what
/// they are given. Its <c>#!who</c> is the released kernel's own.
/// </summary>
internal sealed class NotebookKernel : Kernel,
    IKernelCommandHandler<SubmitCode>,
    IKernelCommandHandler<RequestValueInfos>,
    IKernelCommandHandler<RequestValue>,
    IKernelCommandHandler<RequestInput>
{
    private readonly Func<string, Task> _submit;
    private readonly Func<IReadOnlyDictionary<string, object?>> _variables;

    /// <summary>Makes the session known under a root, as in the kernel.</summary>
    /// <param name="submit">Runs code in the session.</param>
    /// <param name="variables">The session's variables.</param>
    internal NotebookKernel(Func<string, Task> submit, Func<IReadOnlyDictionary<string, object?>> variables)
        : base(CellCode.CSharp)
    {
        _submit = submit;
        _variables = variables;
        KernelInfo.LanguageName = "C#";
        KernelInfo.LanguageVersion = "14.0";
        this.UseWho();
        Composite.Add(this, ["c#", "C#"]);
        Composite.Add(new HtmlKernel());
    }

    /// <summary>The kernel that this one belongs to: extensions are given it.</summary>
    internal CompositeKernel Composite { get; } = new() { DefaultKernelName = CellCode.CSharp };

    /// <summary>Runs a magic command of the kernel's own.</summary>
    /// <exception cref="CellException">It failed.</exception>
    internal async Task RunMagicAsync(string text, int line)
    {
        var result = await SendAsync(new SubmitCode(text));
        if (result.Events.OfType<CommandFailed>().FirstOrDefault() is { } failed)
            throw new CellException(failed.Message, line);
    }

    Task IKernelCommandHandler<SubmitCode>.HandleAsync(SubmitCode command, KernelInvocationContext context) => _submit(command.Code);

    Task IKernelCommandHandler<RequestValueInfos>.HandleAsync(RequestValueInfos command, KernelInvocationContext context)
    {
        context.Publish(new ValueInfosProduced(
            [.. _variables().Select(variable => new KernelValueInfo(
                variable.Key, FormattedValue.CreateSingleFromObject(variable.Value, command.MimeType), variable.Value?.GetType()))],
            command));
        return Task.CompletedTask;
    }

    Task IKernelCommandHandler<RequestValue>.HandleAsync(RequestValue command, KernelInvocationContext context)
    {
        if (_variables().TryGetValue(command.Name, out var value))
            context.Publish(new ValueProduced(
                value, command.Name, new FormattedValue(command.MimeType, value.ToDisplayString(command.MimeType)), command));
        else
            context.Fail(command, message: $"Value '{command.Name}' not found in kernel {Name}");
        return Task.CompletedTask;
    }

    Task IKernelCommandHandler<RequestInput>.HandleAsync(RequestInput command, KernelInvocationContext context) =>
        throw NoInput.Error(command.Prompt);
}
