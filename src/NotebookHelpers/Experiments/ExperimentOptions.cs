using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>Which network an experiment trains.</summary>
public enum Network
{
    /// <summary><see cref="NotebookHelpers.LeNet"/>, with the options beside it.</summary>
    LeNet,

    /// <summary>LeNet-5 (LeCun et al. 1998) in its usual modern form, as lesson 3 builds it: tanh and average pooling.</summary>
    LeNet5,

    /// <summary>
    /// Five convolutions, each with batch normalisation and ReLU, with twice the filters after each pooling (after VGG,
    /// Simonyan and Zisserman 2015): what one takes when the wiring is free.
    /// </summary>
    Deep,
}

/// <summary>How an experiment makes more training images of those it has.</summary>
public enum Images
{
    /// <summary>As they are.</summary>
    Original,

    /// <summary>With <see cref="Augmentation.Shifts"/>: five times as many.</summary>
    Shifts,

    /// <summary>With the horizontal flip alone: twice as many.</summary>
    Flip,

    /// <summary>With <see cref="Augmentation.ShiftsAndFlip"/>: six times as many, as in the article.</summary>
    ShiftsAndFlip,
}

/// <summary>
/// Everything but the seed that decides how one experiment ends. A value left at its default is left out of the JSON, so
/// that an option added later changes no <see cref="ExperimentJob.Id"/>.
/// </summary>
public sealed record ExperimentOptions
{
    internal static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The data set's name, as <see cref="Mnist.Load(string?, string?, Action{DownloadProgress}?, CancellationToken)"/> takes it; null: MNIST.</summary>
    public string? Data { get; init; }

    /// <summary>How many images to train on before augmentation, drawn by the seed; 0: all that validation leaves.</summary>
    public int TrainImages { get; init; }

    /// <summary>How many images of the training set are held out to choose the epoch by, drawn by the seed; 0: none, and the last weights count.</summary>
    public int ValidationImages { get; init; }

    /// <summary>The budget: training images in all epochs, augmented ones included; a whole number of epochs.</summary>
    public long ImagesSeen { get; init; }

    /// <summary>Augmentation.</summary>
    public Images Images { get; init; }

    /// <summary>The network.</summary>
    public Network Network { get; init; }

    /// <inheritdoc cref="LeNetOptions.Activation"/>
    public Activation Activation { get; init; }

    /// <inheritdoc cref="LeNetOptions.ActivateMaps"/>
    public bool ActivateMaps { get; init; }

    /// <summary>Filters of conv1; 0: the article's 12, or 16 in the deep network.</summary>
    public int Filters1 { get; init; }

    /// <summary>Filters of conv2; 0: the article's 16.</summary>
    public int Filters2 { get; init; }

    /// <summary>Outputs of fc1; 0: the article's 256.</summary>
    public int Units1 { get; init; }

    /// <summary>The side of the convolutions' kernels; 0: the article's 3.</summary>
    public int Kernel { get; init; }

    /// <inheritdoc cref="LeNetOptions.BatchNormalization"/>
    public bool BatchNormalization { get; init; }

    /// <inheritdoc cref="LeNetOptions.Dropout"/>
    public double Dropout { get; init; }

    /// <inheritdoc cref="LeNetOptions.OutputReadsFc1"/>
    public bool OutputReadsFc1 { get; init; }

    /// <inheritdoc cref="LeNetOptions.SeluOnLogits"/>
    public bool SeluOnLogits { get; init; }

    /// <inheritdoc cref="TrainerOptions.Schedule"/>
    public LearningRateSchedule Schedule { get; init; }

    /// <inheritdoc cref="TrainerOptions.LabelSmoothing"/>
    public double LabelSmoothing { get; init; }

    /// <inheritdoc cref="TrainerOptions.Distortion"/>
    public Distortion? Distortion { get; init; }

    /// <inheritdoc cref="TrainerOptions.WeightAveraging"/>
    public double WeightAveraging { get; init; }

    /// <inheritdoc cref="LeNetOptions.MixedPrecision"/>
    public bool MixedPrecision { get; init; }

    /// <summary>
    /// Networks that are trained from other seeds and asked together; 0: one. They share the budget. Each one's seed is 1,000
    /// above that of the one before. Without dropout they train side by side and share torch's threads, as far as these go; all
    /// dropout draws from one generator, so with it they train one after another.
    /// </summary>
    public int Members { get; init; }

    /// <summary>Whether a test image is also shown moved by a pixel in each direction, and the answers are averaged.</summary>
    public bool AverageShifts { get; init; }

    /// <summary>Images for each step; 0: the article's 128.</summary>
    public int BatchSize { get; init; }

    /// <summary>Adam's learning rate; 0: 0.001.</summary>
    public double LearningRate { get; init; }

    /// <summary>Whether the test set is also read after each epoch, to show how much choosing on it flatters; each network by itself, on images that are not moved.</summary>
    public bool TestEachEpoch { get; init; }

    /// <summary>The options as JSON, those at their defaults left out.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, Json);

    /// <summary>The options set here that the network does not have, by their names in JSON.</summary>
    internal IReadOnlyList<string> WithoutEffect
    {
        get
        {
            if (Network == Network.LeNet)
                return [];
            var effective = this with
            {
                Activation = default,
                ActivateMaps = false,
                Filters2 = 0,
                Units1 = 0,
                Kernel = 0,
                BatchNormalization = false,
                OutputReadsFc1 = false,
                SeluOnLogits = false,
            };
            if (Network == Network.LeNet5)
                effective = effective with { Filters1 = 0, Dropout = 0, MixedPrecision = false };
            return [.. Names(this).Except(Names(effective))];
            static IEnumerable<string> Names(ExperimentOptions options) =>
                JsonSerializer.SerializeToNode(options, Json)!.AsObject().Select(option => option.Key);
        }
    }

    internal IReadOnlyList<Augmentation> Augmentations => Images switch
    {
        Images.Shifts => Augmentation.Shifts,
        Images.Flip => [Augmentation.FlipHorizontal],
        Images.ShiftsAndFlip => Augmentation.ShiftsAndFlip,
        _ => [],
    };

    internal nn.Module<Tensor, Tensor> Model() => Network switch
    {
        Network.LeNet5 => nn.Sequential(
            ("conv1", nn.Conv2d(1, 6, 5, padding: 2L)), ("tanh1", nn.Tanh()), ("pool1", nn.AvgPool2d(2)),
            ("conv2", nn.Conv2d(6, 16, 5)), ("tanh2", nn.Tanh()), ("pool2", nn.AvgPool2d(2)),
            ("flatten", nn.Flatten()),
            ("fc1", nn.Linear(400, 120)), ("tanh3", nn.Tanh()),
            ("fc2", nn.Linear(120, 84)), ("tanh4", nn.Tanh()),
            ("output", nn.Linear(84, 10))),
        Network.Deep => new DeepNetwork(Filters1 == 0 ? 16 : Filters1, Dropout, MixedPrecision),
        _ => new LeNet(new LeNetOptions
        {
            Filters1 = Filters1 == 0 ? LeNetOptions.Corrected.Filters1 : Filters1,
            Filters2 = Filters2 == 0 ? LeNetOptions.Corrected.Filters2 : Filters2,
            Units1 = Units1 == 0 ? LeNetOptions.Corrected.Units1 : Units1,
            Kernel = Kernel == 0 ? LeNetOptions.Corrected.Kernel : Kernel,
            Activation = Activation,
            ActivateMaps = ActivateMaps,
            BatchNormalization = BatchNormalization,
            Dropout = Dropout,
            OutputReadsFc1 = OutputReadsFc1,
            SeluOnLogits = SeluOnLogits,
            MixedPrecision = MixedPrecision,
        }),
    };

    internal TrainerOptions Trainer(string name, int epochs, int seed)
    {
        var options = new TrainerOptions { Name = name, Epochs = epochs, Seed = seed, Schedule = Schedule, LabelSmoothing = LabelSmoothing, KeepBest = ValidationImages > 0, Distortion = Distortion, WeightAveraging = WeightAveraging };
        return options with
        {
            BatchSize = BatchSize == 0 ? options.BatchSize : BatchSize,
            LearningRate = LearningRate == 0 ? options.LearningRate : LearningRate,
        };
    }
}
