using NotebookRunner.Commands;
using NotebookRunner.Execution;

// A worker starts as lean as it can: nothing of the command line is loaded for it.
return args is ["worker", var request, var pipe]
    ? await Worker.RunAsync(request, pipe)
    : await CommandLine.InvokeAsync(args, Console.Out, Console.Error);
