namespace NotebookHelpers.Tests.Training;

public sealed class TrainingHistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string File => _folder.File("deeper", "history.json");

    public void Dispose() => _folder.Dispose();

    private static readonly TrainingHistory Sample = new("baseline", [
        new EpochMetrics(1, 0.25, 0.925, 0.1, 0.97, 5.5),
        new EpochMetrics(2, 1.0 / 3, 0.98, 0.05, 0.985, 5.25),
        new EpochMetrics(3, 0.02, 0.99, 0.06, 0.985, 5.125)], cancelled: true);

    [Fact]
    public void What_is_saved_is_loaded()
    {
        Sample.Save(File);
        new TrainingHistory("", [new EpochMetrics(1, 2, 0.1, null, null, 0)], cancelled: false).Save(File);
        Assert.Null(TrainingHistory.Load(File).Epochs[0].ValidationAccuracy);

        Sample.Save(File);
        var loaded = TrainingHistory.Load(File);
        Assert.Equal((Sample.Name, Sample.Cancelled), (loaded.Name, loaded.Cancelled));
        Assert.Equal(Sample.Epochs, loaded.Epochs);
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void A_history_that_an_editor_on_Windows_saved_is_loaded()
    {
        Sample.Save(File);
        System.IO.File.WriteAllText(File, System.IO.File.ReadAllText(File).Replace(",", ",\r\n"), System.Text.Encoding.UTF8);

        Assert.Equal(Sample.Epochs, TrainingHistory.Load(File).Epochs);
    }

    [Fact]
    public void The_best_epoch_is_the_earliest_of_the_highest_validation_accuracy() => Assert.Equal(2, Sample.Best!.Epoch);

    [Fact]
    public void Its_table_says_what_happened()
    {
        Assert.Contains("then stopped", Sample.ToText());
        Assert.Contains("0.9850 after epoch 2", Sample.ToText());
        Assert.Contains("0.3333", Sample.ToHtml());
    }

    [Theory]
    [InlineData("", "not a whole training history")]
    [InlineData("{\"format\":\"convnet-workbook/training-history\",\"version\":1,\"na", "not a whole training history")]
    [InlineData("{\"format\":\"convnet-workbook/training-history\",\"version\":1}", "not a whole training history")]
    [InlineData(
        "{\"format\":\"convnet-workbook/training-history\",\"version\":1,\"name\":\"a\",\"cancelled\":false,\"epochs\":[null]}",
        "not a whole training history")]
    [InlineData(
        "{\"format\":\"convnet-workbook/training-history\",\"version\":1,\"name\":\"a\",\"cancelled\":false,"
        + "\"epochs\":[{\"epoch\":2,\"trainLoss\":1,\"trainAccuracy\":1,"
        + "\"validationLoss\":null,\"validationAccuracy\":null,\"seconds\":1}]}",
        "Expected epoch 1")]
    [InlineData("{\"format\":\"convnet-workbook/training-history\",\"version\":2,\"epochs\":[]}", "version 2")]
    [InlineData("{\"format\":\"convnet-workbook/training-history\"}", "version none")]
    [InlineData("{\"cells\":[],\"nbformat\":4}", "not a training history")]
    [InlineData("[1,2]", "not a training history")]
    [InlineData("{\"format\":7}", "not a training history")]
    public void A_damaged_or_foreign_file_is_refused_with_its_reason(string content, string reason)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, content);
        var message = Assert.Throws<InvalidDataException>(() => TrainingHistory.Load(File)).Message;
        Assert.Contains(reason, message);
        Assert.Contains(File, message);
    }

    [Fact]
    public void Every_truncation_of_a_saved_file_is_refused()
    {
        Sample.Save(File);
        var bytes = System.IO.File.ReadAllBytes(File);
        for (var length = 0; length < bytes.Length; length += 7)
        {
            System.IO.File.WriteAllBytes(File, bytes[..length]);
            Assert.Throws<InvalidDataException>(() => TrainingHistory.Load(File));
        }
    }

    [Fact]
    public void A_save_that_fails_leaves_the_older_file_and_nothing_else()
    {
        Sample.Save(File);
        var broken = new TrainingHistory("broken", [new EpochMetrics(1, double.NaN, 0, null, null, 0)], cancelled: false);
        Assert.ThrowsAny<ArgumentException>(() => broken.Save(File));
        Assert.Equal(Sample.Epochs, TrainingHistory.Load(File).Epochs);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!));
        Assert.Throws<FileNotFoundException>(() => TrainingHistory.Load(_folder.File("none.json")));
    }
}
