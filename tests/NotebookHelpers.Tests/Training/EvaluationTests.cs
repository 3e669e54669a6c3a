using TorchSharp;
using static TorchSharp.torch;

namespace NotebookHelpers.Tests.Training;

[Collection(TorchAlone.Name)]
public sealed class EvaluationTests
{
    private static readonly DigitSet Digits = SampleDigits.Load().Test.Take(130);

    [Fact]
    public void The_result_is_what_the_logits_say()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var model = new LeNet(new LeNetOptions { BatchNormalization = true, Dropout = 0.5 });
        var result = Evaluation.Of(model, Digits, batchSize: 32);
        var whole = Evaluation.Of(model, Digits, batchSize: 1000);

        model.eval();
        using var batch = new Batches(Digits, Digits.Count).Epoch(0).First();
        var logits = model.call(batch.Images);
        var probabilities = logits.softmax(1);
        Assert.Equal(nn.functional.cross_entropy(logits, batch.Labels).item<float>(), result.Loss, 1e-5);
        Assert.Equal(whole.Predictions, result.Predictions);
        for (var image = 0; image < Digits.Count; image++)
        {
            Assert.Equal(logits[image].argmax().item<long>(), result.Predictions[image]);
            Assert.Equal(Digits.Label(image), result.Labels[image]);
            Assert.Equal(probabilities[image, result.Predictions[image]].item<float>(), result.Confidences[image], 1e-5f);
            var (shares, classes) = probabilities[image].topk(3);
            var guesses = result.Guesses(image);
            Assert.Equal(classes.data<long>().Select(label => (int)label), guesses.Select(guess => guess.Class));
            Assert.All(guesses.Zip(shares.data<float>()), pair => Assert.Equal(pair.Second, pair.First.Probability, 1e-5f));
            Assert.Equal((result.Predictions[image], result.Confidences[image]), guesses[0]);
            Assert.Equal(1, result.Guesses(image, 99).Sum(guess => guess.Probability), 1e-5);
        }

        var right = Enumerable.Range(0, Digits.Count).Count(image => result.Predictions[image] == result.Labels[image]);
        Assert.Equal((double)right / Digits.Count, result.Accuracy, 1e-12);
        Assert.Equal(Digits.Count - right, result.Mistakes.Count);
        Assert.All(result.Mistakes, image => Assert.NotEqual(result.Labels[image], result.Predictions[image]));
        Assert.Equal(result.Mistakes.OrderByDescending(image => result.Confidences[image]), result.Mistakes);
        Assert.Equal(Digits.Count, result.Confusion.Cast<int>().Sum());
        Assert.Equal(right, Enumerable.Range(0, 10).Sum(digit => result.Confusion[digit, digit]));
        var first = result.Mistakes[0];
        Assert.True(result.Confusion[result.Labels[first], result.Predictions[first]] > 0);
        Assert.Contains("mistakes", result.ToText());
        Assert.Throws<ArgumentOutOfRangeException>(() => result.Guesses(Digits.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => result.Guesses(0, 0));

        var (wrong, right0) = (result.Mistakes[0], Enumerable.Range(0, Digits.Count).Except(result.Mistakes).First());
        var grid = result.Grid([wrong, right0], guesses: 2, title: "Two").ToText();
        var (label, prediction) = (result.Labels[wrong], result.Predictions[wrong]);
        Assert.Matches($"^Two\n✗ {label} → {prediction}; {prediction}: [0-9.]+ %; \\d: [0-9.]+ %", grid);
        Assert.Contains($"  |  {result.Labels[right0]} → {result.Labels[right0]}; ", grid);
    }

    [Fact]
    public void A_model_whose_logits_have_64_bits_is_trained_and_measured()
    {
        using var model = nn.Sequential(nn.Flatten(), new Widened(nn.Linear(784, 10)));
        var history = new Trainer(model, new TrainerOptions { Epochs = 1 }).Fit(Digits);
        Assert.InRange(history.Epochs[0].TrainLoss, 0, 3);
        Assert.InRange(Evaluation.Of(model, Digits).Accuracy, 0.1, 1);
    }

    private sealed class Widened : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _layer;

        internal Widened(nn.Module<Tensor, Tensor> layer) : base(nameof(Widened))
        {
            _layer = layer;
            register_module("layer", layer);
        }

        public override Tensor forward(Tensor input) => _layer.call(input).to(ScalarType.Float64);
    }

    [Fact]
    public void The_accuracy_is_the_nearest_number_to_the_fraction() =>
        Assert.Equal(2.0 / 3, new EvaluationResult(Digits.Take(3), 0, [0, 1, 2], [0, 1, 3], new float[30]).Accuracy);

    [Fact]
    public void Every_part_has_its_own_mode_back_and_nothing_is_learned()
    {
        using var model = new LeNet(new LeNetOptions { BatchNormalization = true, Dropout = 0.5 });
        model.train();
        model.conv2.eval();
        using var before = WeightSnapshot.Of(model);
        Evaluation.Of(model, Digits);

        Assert.True(model.training);
        Assert.False(model.conv2.training);
        Assert.True(model.fc2.training);
        Assert.True(is_grad_enabled());
        using var mean = model.state_dict()["norm1.running_mean"].abs().sum();
        Assert.Equal(0, mean.item<float>());
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void The_mode_is_restored_after_an_exception_and_a_cancellation()
    {
        using var narrow = nn.Sequential(("flatten", nn.Flatten()), ("fc", nn.Linear(784, 7)));
        narrow.train();
        Assert.Contains("10 classes", Assert.Throws<ArgumentException>(() => Evaluation.Of(narrow, Digits)).Message);
        Assert.True(narrow.training);
        Assert.True(is_grad_enabled());

        using var model = new LeNet();
        model.train();
        Assert.Throws<OperationCanceledException>(() => Evaluation.Of(model, Digits, cancellation: new CancellationToken(canceled: true)));
        Assert.True(model.training);
        Assert.Throws<ArgumentException>(() => Evaluation.Of(model, Digits.Take(0)));
    }

    [Fact]
    public void Evaluating_leaves_no_tensor_behind()
    {
        using var model = new LeNet();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Evaluation.Of(model, Digits, batchSize: 50);
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_snapshot_goes_back_to_its_own_kind_of_model_only()
    {
        using var model = new LeNet(new LeNetOptions { BatchNormalization = true });
        var accuracy = Evaluation.Of(model, Digits);
        using var snapshot = WeightSnapshot.Of(model);
        new Trainer(model, new TrainerOptions { Epochs = 1 }).Fit(Digits);
        Assert.NotEqual(accuracy.Loss, Evaluation.Of(model, Digits).Loss);
        snapshot.Restore(model);
        Assert.Equal(accuracy.Loss, Evaluation.Of(model, Digits).Loss);

        using var other = new LeNet(LeNetOptions.AsPublished);
        Assert.Throws<ArgumentException>(() => snapshot.Restore(other));
    }
}
