using System.Text.Json.Nodes;
using CsCheck;

namespace NotebookHelpers.Tests.Experiments;

public sealed class ExperimentGridTests
{
    public static TheoryData<string> Grids =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Workbook.Root, "src", "Experiments", "grids"), "*.json")
            .Select(path => Path.GetFileName(path)),
    ];

    /// <summary>Written down when they were first computed: an id that changes makes every result file worthless.</summary>
    [Fact]
    public void Ids_are_stable()
    {
        var options = new ExperimentOptions { TrainImages = 10_000, ValidationImages = 2_500, ImagesSeen = 100_000 };
        var job = new ExperimentJob("baseline", options, 1);

        Assert.Equal("6dfe21664e0a", job.Id);
        Assert.Equal(job.Id, (job with { Variant = "renamed" }).Id);
        Assert.NotEqual(job.Id, (job with { Seed = 2 }).Id);
        Assert.NotEqual(job.Id, new ExperimentJob("baseline", job.Options with { Network = new LeNetOptions { Dropout = 0.5 } }, 1).Id);
    }

    public static TheoryData<string> Committed =>
        [.. Directory.EnumerateFiles(Path.Combine(Workbook.DataFolder, "results"), "*.jsonl").Select(path => Path.GetFileName(path))];

    /// <summary>Every committed line: its options, read and written again, give the id and the text that it was stored with.</summary>
    [Theory, MemberData(nameof(Committed))]
    public void The_ids_of_committed_results_stay_valid(string file)
    {
        foreach (var line in File.ReadLines(Path.Combine(Workbook.DataFolder, "results", file)))
        {
            var stored = JsonNode.Parse(line)!;
            var options = ExperimentJson.Read(stored["options"]!.AsObject());

            Assert.True(JsonNode.DeepEquals(stored["options"], JsonNode.Parse($"{options}")), $"{stored["options"]} became {options}");
            Assert.Equal((string)stored["id"]!, new ExperimentJob((string)stored["variant"]!, options, (int)stored["seed"]!).Id);
        }
    }

    [Fact]
    public void Options_come_back_from_their_text() => Gen.Select(
        Gen.Int[0, 2], Gen.Int[1, 40], Gen.Double[0, 0.99], Gen.Bool, Gen.Int[1, 5],
        Gen.Enum<Activation>(), Gen.Enum<LearningRateSchedule>()).Sample((network, count, share, flag, members, activation, schedule) =>
    {
        var options = new ExperimentOptions
        {
            Data = flag ? "fashion-mnist" : "mnist",
            TrainImages = flag ? count : null,
            ImagesSeen = count,
            Members = members,
            TestEachEpoch = flag,
            Network = network switch
            {
                0 => new LeNetOptions { Filters1 = count, Units2 = count, Dropout = share, Activation = activation, MixedPrecision = flag },
                1 => new LeNet5Options(),
                _ => new DeepNetworkOptions { Filters1 = count, Dropout = share },
            },
            Training = new TrainerOptions
            {
                Schedule = schedule,
                LabelSmoothing = share,
                BatchSize = count,
                LearningRate = share + 1e-9,
                Distortion = flag ? Distortion.Usual : null,
            },
        };
        Assert.Equal(options, ExperimentJson.Read(JsonNode.Parse($"{options}")!.AsObject()));
    });

    /// <summary>An experiment sets these itself; what is set twice would be lost in silence.</summary>
    [Fact]
    public void What_the_experiment_decides_cannot_be_set()
    {
        TrainerOptions[] refused =
        [
            new() { Epochs = 3 }, new() { Seed = 1 }, new() { KeepBest = true }, new() { Name = "mine" }, new() { Checkpoint = "a" },
        ];
        foreach (var training in refused)
            Assert.Throws<ArgumentException>(() => new ExperimentOptions { Training = training });
    }

    [Fact]
    public void Shards_partition_the_grid() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 7], Gen.Int[1, 50]).Sample((variants, seeds, shards) =>
        {
            var grid = new ExperimentGrid("g", "0", [.. Enumerable.Range(1, seeds)],
                [.. Enumerable.Range(0, variants).Select(variant => ($"{variant}", new ExperimentOptions { ImagesSeen = variant + 1 }))]);

            var together = Enumerable.Range(1, shards).SelectMany(number => grid.Shard(number, shards)).Select(job => job.Id).ToList();

            Assert.Equal(variants * seeds, together.Count);
            Assert.Equal(grid.Jobs.Select(job => job.Id).Order(), together.Order());
            Assert.Equal(variants * seeds, together.Distinct().Count());
        }, iter: 200);

    [Theory, MemberData(nameof(Grids))]
    public void The_repositorys_grids_can_be_read(string file)
    {
        var grid = ExperimentGrid.Load(Path.Combine(Workbook.Root, "src", "Experiments", "grids", file));

        Assert.Equal(Path.GetFileNameWithoutExtension(file), grid.Name);
        Assert.Equal(grid.Variants.Count * grid.Seeds.Count, grid.Jobs.Count);
    }

    [Theory]
    [InlineData("""{"name":"g","baseline":"b","seeds":[1],"variants":{"a":{}}}""", "none of the variants")]
    [InlineData("""{"name":"g","baseline":"a","seeds":[1,1],"variants":{"a":{}}}""", "each once")]
    [InlineData("""{"name":"g","baseline":"a","seeds":[1],"variants":{"a":{},"b":{}}}""", "same options")]
    [InlineData("""{"name":"g" """, "grid")]
    [InlineData("""null""", "null")]
    [InlineData("""{"name":"g","baseline":"a","seeds":null,"variants":{"a":{}}}""", "seeds")]
    [InlineData("""{"name":"g","baseline":"a","seeds":[1],"variants":{"a":{"dropout":0,"batchSize":128},"b":{}}}""", "same options")]
    [InlineData("""{"name":"g","baseline":"a","seeds":[1],"variants":{"a":{},"a":{"dropout":0.5}}}""", "Duplicate properties not allowed")]
    [InlineData("""{"name":"g","baseline":"a","seeds":[1],"common":{"filters2":0},"variants":{"a":{}}}""",
        "the variant 'a': filters2: Filters2 must be")]
    public void A_wrong_grid_is_refused_with_the_reason(string json, string reason) => AssertRefused(json, reason);

    [Theory]
    [InlineData("""{"droput":0.5}""", "droput")]
    [InlineData("""{"network":"leNet5","dropout":0.5,"filters1":8}""",
        "the variant 'a': it sets dropout, filters1, which the network leNet5 does not have")]
    [InlineData("""{"network":"deep","dropout":0.5,"kernel":5}""",
        "the variant 'a': it sets kernel, which the network deep does not have")]
    [InlineData("null", "the variant 'a' is null")]
    [InlineData("""{"dropout":1.0}""", "the variant 'a': dropout: Dropout is a fraction")]
    [InlineData("""{"learningRate":-0.1}""", "the variant 'a': learningRate: The learning rate")]
    [InlineData("""{"kernel":4}""", "the variant 'a': kernel: The kernel's side is an odd")]
    [InlineData("""{"trainImages":-5}""", "the variant 'a': trainImages: TrainImages must be")]
    [InlineData("""{"members":-2}""", "the variant 'a': members: Members must be at least 1")]
    [InlineData("""{"imagesSeen":0}""", "the variant 'a': imagesSeen: ImagesSeen must be")]
    [InlineData("""{"dropout":null}""", "the variant 'a': dropout is null")]
    [InlineData("""{"data":" "}""", "the variant 'a': data: Data is a data set's name")]
    [InlineData("""{"members":1.5}""", "members is 1.5, expected a whole number")]
    [InlineData("""{"activation":"rely"}""", "activation is \"rely\", expected one of selu, relu")]
    [InlineData("""{"activation":1}""", "activation is 1, expected one of selu, relu")]
    [InlineData("""{"network":"vgg"}""", "network is \"vgg\", expected one of leNet, leNet5, deep")]
    [InlineData("""{"distortion":{"rotation":500}}""", "distortion: Rotation is a limit")]
    [InlineData("""{"distortion":7}""", "distortion is 7, expected an object with rotation")]
    [InlineData("""{"epochs":7}""", "epochs cannot be set")]
    [InlineData("""{"dropout":0.1,"dropout":0.5}""", "dropout")]
    public void A_wrong_variant_is_refused_with_the_reason(string options, string reason) =>
        AssertRefused($$$"""{"name":"g","baseline":"a","seeds":[1],"variants":{"a":{{{options}}}}}""", reason);

    private static void AssertRefused(string json, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("grid.json");
        File.WriteAllText(path, json);
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => ExperimentGrid.Load(path)).Message);
    }
}
