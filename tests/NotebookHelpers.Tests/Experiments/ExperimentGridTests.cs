using CsCheck;

namespace NotebookHelpers.Tests.Experiments;

public sealed class ExperimentGridTests
{
    public static TheoryData<string> Grids =>
        [.. Directory.EnumerateFiles(Path.Combine(Workbook.Root, "src", "Experiments", "grids"), "*.json").Select(path => Path.GetFileName(path))];

    /// <summary>Written down when they were first computed: an id that changes makes every result file worthless.</summary>
    [Fact]
    public void Ids_are_stable()
    {
        var job = new ExperimentJob("baseline", new ExperimentOptions { TrainImages = 10_000, ValidationImages = 2_500, ImagesSeen = 100_000 }, 1);

        Assert.Equal("6dfe21664e0a", job.Id);
        Assert.Equal(job.Id, (job with { Variant = "renamed" }).Id);
        Assert.NotEqual(job.Id, new ExperimentJob("baseline", job.Options, 2).Id);
        Assert.NotEqual(job.Id, new ExperimentJob("baseline", job.Options with { Dropout = 0.5 }, 1).Id);
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
    [InlineData("""{"name":"g","baseline":"a","seeds":[1],"variants":{"a":{"droput":0.5}}}""", "droput")]
    [InlineData("""{"name":"g","baseline":"a","seeds":[1,1],"variants":{"a":{}}}""", "each once")]
    [InlineData("""{"name":"g","baseline":"a","seeds":[1],"variants":{"a":{},"b":{}}}""", "same options")]
    [InlineData("""{"name":"g","baseline":"a","seeds":[1],"variants":{"a":{"network":"leNet5","dropout":0.5,"filters1":8}}}""", "sets filters1, dropout, which the network leNet5 does not have")]
    [InlineData("""{"name":"g","baseline":"a","seeds":[1],"variants":{"a":{"network":"deep","dropout":0.5,"kernel":5}}}""", "sets kernel, which the network deep does not have")]
    [InlineData("""{"name":"g" """, "grid")]
    public void A_wrong_grid_is_refused_with_the_reason(string json, string reason)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => ExperimentGrid.Load(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
