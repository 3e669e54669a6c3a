using System.Globalization;
using System.Text;
using NotebookRunner;
using NotebookRunner.Commands;
using NotebookRunner.Worker;

// Numbers look the same on every machine, in the runner's words and in cells that ask for no culture.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
// A worker starts as lean as it can: nothing of the command line is loaded for it. Threads that a cell left behind do not
// keep it alive.
if (args is ["worker", var events, var commands])
    Environment.Exit(await NotebookWorker.RunAsync(events, commands));
StartedProcesses.Adopt();
// A log's reader expects UTF-8 on every system, and Windows would write another encoding. Before Console.Out is asked for:
// it is another one afterwards.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await CommandLine.InvokeAsync(args, Console.Out, Console.Error);
