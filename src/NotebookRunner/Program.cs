using NotebookRunner.Execution;

return args is ["worker", var request, .. var pipe] ? await Worker.RunAsync(request, pipe is [var handle] ? handle : null) : 1;
