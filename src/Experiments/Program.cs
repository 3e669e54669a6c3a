using System.CommandLine;
using System.Text;
using Experiments;

Console.OutputEncoding = Encoding.UTF8;   // redirected output too: tables have ±, × and −
return new RootCommand("Experiments: variants × seeds, each job done once.")
{
    RunCommand.Create(), ListCommand.Create(), ReportCommand.Create(),
}
    .Parse(args).Invoke();
