namespace NotebookHelpers.Tests.Display;

public sealed class SourceViewTests
{
    public static TheoryData<string, string, string, string> Methods => new()
    {
        { "Models/Fast/MemoryWalk.cs", "Sum", "public static int Sum(ReadOnlySpan<int> numbers, int step)", "}" },
        { "Models/Fast/FastConvolution.cs", "Spans", "public void Spans(float[] maps)", "}" },
        { "Models/Fast/FastConvolution.cs", "SumVectors", "private void SumVectors<TLanes, TVector>(", "}" },
        { "Models/Fast/FastConvolution.cs", "NewPooled", "public float[] NewPooled() =>", ";" },
        { "Models/Fast/PooledForward.cs", "ConvolveRow", "internal static void ConvolveRow(", "}" },
        { "Models/Fast/PooledForward.cs", "Pool", "private static void Pool(", "}" },
        { "Models/Fast/PackedFilters.cs", "Runs", "internal int[] Runs(int lanes) =>", ";" },
    };

    [Theory, MemberData(nameof(Methods))]
    public void A_method_is_shown_whole_as_the_file_has_it(string file, string method, string first, string end)
    {
        var shown = SourceView.Of(file, method).ToText().Split('\n');
        var place = shown[0].Split(" to ");
        var (from, to) = (int.Parse(place[0].Split(' ')[^1]), int.Parse(place[1]));

        Assert.StartsWith($"src/NotebookHelpers/{file}, lines ", shown[0]);
        Assert.StartsWith(first, shown[1]);
        Assert.EndsWith(end, shown[^1]);
        var source = File.ReadAllLines(Path.Combine(Workbook.Root, "src", "NotebookHelpers", file))[(from - 1)..to];
        Assert.Equal(source.Select(line => line.Trim()), shown.Skip(1).Select(line => line.Trim()));
        var text = string.Concat(shown.Skip(1));
        Assert.Equal(text.Count(c => c == '{'), text.Count(c => c == '}'));
        Assert.Equal(text.Count(c => c == '('), text.Count(c => c == ')'));
    }

    [Fact]
    public void Generics_are_text_in_html()
    {
        var html = Hostile.Parse(SourceView.Of("Models/Fast/FastConvolution.cs", "SumVectors").ToHtml());
        Assert.StartsWith("private void SumVectors<TLanes, TVector>(", html.QuerySelector("pre > code")!.TextContent);
    }

    [Fact]
    public void What_is_not_there_is_said()
    {
        Assert.Contains("src/NotebookHelpers/No.cs", Assert.Throws<FileNotFoundException>(() => SourceView.Of("No.cs", "Sum")).Message);
        Assert.Contains("no method 'Numbers'",
            Assert.Throws<ArgumentException>(() => SourceView.Of("Models/Fast/MemoryWalk.cs", "Numbers")).Message);
    }
}
