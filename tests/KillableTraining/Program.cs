// A training to be killed: KillableTraining CHECKPOINT WEIGHTS EPOCHS. It says when it begins, after each epoch, and at the end.
using NotebookHelpers;
using TorchSharp;

TorchRuntime.Load();
torch.set_num_threads(1);
torch.manual_seed(3);
var digits = SampleDigits.Load();
using var model = new LeNet(new LeNetOptions { BatchNormalization = true, Dropout = 0.5 });
var options = new TrainerOptions { Epochs = int.Parse(args[2]), BatchSize = 50, KeepBest = true, Checkpoint = args[0] };
Console.WriteLine("training");
var history = new Trainer(model, options).Fit(
    digits.Train.Take(150), digits.Test.Take(200), progress => Console.WriteLine($"epoch {progress.Epoch}"));
SafeTensors.Save(args[1], model);
history.Save(args[1] + ".json");
Console.WriteLine("finished");
