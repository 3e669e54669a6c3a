using System.CommandLine;
using Benchmarks.Runner;
using Benchmarks.Training;

return new RootCommand("Benchmarks: they measure and print, and assert no time.")
{
    TrainingCommand.Create(), ProfileCommand.Create(), SideProcess.Create(), TimeToAccuracyCommand.Create(),
    TimeToAccuracyCommand.CreateRun(), JobsCommand.Create(), RunnerCommand.Create(),
}
    .Parse(args).Invoke();
