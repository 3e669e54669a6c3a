using System.Text;
using CsCheck;

namespace NotebookHelpers.Tests.Experiments;

public sealed class ResultsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Results => _folder.File("results.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        var written = Samples.Result("größer & <besser>", 0, 0.98) with { TestAccuracies = [0.97, 0.98] };
        ResultsFile.Append(Results, written);

        var read = Assert.Single(ResultsFile.Read(Results));

        Assert.Equal(written with { Epochs = [], TestAccuracies = null }, read with { Epochs = [], TestAccuracies = null });
        Assert.Equal(written.Epochs, read.Epochs);
        Assert.Equal([0.97, 0.98], read.TestAccuracies!);
        Assert.Single(File.ReadAllLines(Results));
    }

    [Fact]
    public void A_torn_last_line_is_not_read_and_is_repaired_wherever_it_was_torn()
    {
        ResultsFile.Append(Results, Samples.Result("a", 1, 0.9));
        var first = File.ReadAllBytes(Results);
        ResultsFile.Append(Results, Samples.Result("b", 1, 0.9));
        var both = File.ReadAllBytes(Results);

        Gen.Int[first.Length, both.Length].Sample(length =>
        {
            File.WriteAllBytes(Results, both[..length]);
            var whole = length >= both.Length - 1;   // only the line's end is missing
            Assert.Equal(whole ? 2 : 1, ResultsFile.Read(Results, _ => { }).Count);

            ResultsFile.Append(Results, Samples.Result("c", 1, 0.9));

            Assert.Equal(whole ? ["a", "b", "c"] : ["a", "c"], ResultsFile.Read(Results).Select(result => result.Variant));
            Assert.EndsWith("\n", File.ReadAllText(Results));
        }, iter: 60, threads: 1);
    }

    [Fact]
    public void A_damaged_line_that_was_finished_is_an_error_with_its_number()
    {
        ResultsFile.Append(Results, Samples.Result("a", 1, 0.9));
        File.AppendAllText(Results, "{\"id\":\n");
        ResultsFile.Append(Results, Samples.Result("b", 1, 0.9));

        Assert.Contains("line 2", Assert.Throws<InvalidDataException>(() => ResultsFile.Read(Results)).Message);
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("{}", "id")]
    [InlineData("""{"id":null}""", "id")]
    [InlineData("[1]", "could not be converted")]
    [InlineData("{} {}", "id")]
    [InlineData("""{"options":{"distortion":{"rotation":500}}}""", "Rotation is a limit from 0 to 180")]
    public void A_line_that_is_json_but_no_result_is_an_error_with_the_reason(string line, string reason)
    {
        File.WriteAllText(Results, line + "\n");

        var message = Assert.Throws<InvalidDataException>(() => ResultsFile.Read(Results)).Message;

        Assert.Contains("line 1", message);
        Assert.Contains(reason, message);
    }

    /// <summary>
    /// Files of killed slices, written one after the other: the torn end of one and the first line of the next are one line.
    /// </summary>
    [Fact]
    public void A_whole_line_joined_to_a_torn_one_is_read()
    {
        ResultsFile.Append(Results, Samples.Result("a", 1, 0.9));
        var first = File.ReadAllText(Results).TrimEnd('\n');
        File.Delete(Results);
        ResultsFile.Append(Results, Samples.Result("b", 1, 0.8));
        ResultsFile.Append(Results, Samples.Result("c {\"id\":\"x", 1, 0.7));
        var rest = File.ReadAllText(Results);

        Gen.Int[1, first.Length].Sample(length =>
        {
            File.WriteAllText(Results, first[..length] + rest);
            var said = new List<string>();
            var read = ResultsFile.Read(Results, said.Add).Select(result => result.Variant);
            Assert.Equal(length == first.Length ? ["a", "b", "c {\"id\":\"x"] : ["b", "c {\"id\":\"x"], read);
            Assert.Contains("line 1, holds more than one result", Assert.Single(said));
        }, iter: 40, threads: 1);
    }

    /// <summary>An editor may take the last line's end away, whatever else is on the line.</summary>
    [Theory, InlineData("\uFEFF"), InlineData("{\"id\":\"torn"), InlineData("\r\n \r\n")]
    public void An_append_loses_nothing_that_can_be_read(string before)
    {
        ResultsFile.Append(Results, Samples.Result("a", 1, 0.9));
        File.WriteAllText(Results, before + File.ReadAllText(Results).TrimEnd('\n'));

        ResultsFile.Append(Results, Samples.Result("b", 1, 0.9));

        Assert.Equal(["a", "b"], ResultsFile.Read(Results, _ => { }).Select(result => result.Variant));
    }

    [Fact]
    public void Files_as_Windows_writes_them_are_joined_without_a_word()
    {
        ResultsFile.Append(Results, Samples.Result("a", 1, 0.9));
        var first = "\uFEFF" + File.ReadAllText(Results).ReplaceLineEndings("\r\n");
        File.Delete(Results);
        ResultsFile.Append(Results, Samples.Result("b", 1, 0.9));
        File.WriteAllText(Results, first + "\uFEFF" + File.ReadAllText(Results));

        Assert.Equal(["a", "b"], ResultsFile.Read(Results, word => Assert.Fail(word)).Select(result => result.Variant));
    }

    [Fact]
    public void Lines_are_not_appended_to_text_of_another_encoding()
    {
        File.WriteAllText(Results, "", Encoding.Unicode);

        Assert.Contains("save it as UTF-8", Assert.Throws<InvalidDataException>(() => ResultsFile.Prepare(Results)).Message);
    }

    [Theory, InlineData("named pipe"), InlineData("socket"), InlineData("device")]
    public void What_is_no_file_is_refused_at_once(string kind)
    {
        using var thing = new NotAFile(kind, Results);

        NotAFile.Refused<InvalidDataException>(() => ResultsFile.Read(Results));
        NotAFile.Refused<InvalidDataException>(() => ExperimentGrid.Load(Results));
    }

    [Fact]
    public void Several_writers_lose_no_line()
    {
        Parallel.For(0, 40, seed =>
        {
            ResultsFile.Append(Results, Samples.Result("a", seed, 0.9));
            Assert.Contains(ResultsFile.Read(Results), result => result.Seed == seed);   // also while others append
        });

        Assert.Equal(Enumerable.Range(0, 40), ResultsFile.Read(Results).Select(result => result.Seed).Order());
    }

    [Fact]
    public void Merging_is_concatenation_and_a_job_done_twice_counts_once()
    {
        ResultsFile.Append(Results, Samples.Result("a", 1, 0.9));
        File.WriteAllText(Results, File.ReadAllText(Results) + File.ReadAllText(Results));

        Assert.Single(ResultsFile.Read(Results));
    }
}
