using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookRunner.Documents;

/// <summary>
/// The right answer to an exercise whose answer is numbers or a choice, so that the book's page can check what a reader enters. It
/// stands in the metadata <c>answers</c> of the Markdown cell, by the exercise's number:
/// <c>{ "1": { "answer": 28 }, "2": { "answer": [7, 3.75], "within": 0.01 }, "3": { "answer": "no", "choices": ["yes", "no"] } }</c>.
/// </summary>
/// <param name="Exercise">The number that the text gives it.</param>
/// <param name="Numbers">The numbers, in the order in which the exercise asks for them; none where the answer is a choice.</param>
/// <param name="Within">How far a number may be off.</param>
/// <param name="Choices">What may be chosen.</param>
/// <param name="Choice">What is right of it.</param>
internal sealed partial record ExerciseAnswer(
    string Exercise, IReadOnlyList<double> Numbers, double Within, IReadOnlyList<string> Choices, string? Choice)
{
    private const string Key = "answers", Expected = "{\"answer\": 28}, {\"answer\": [7, 3.75], \"within\": 0.01} or " +
        "{\"answer\": \"no\", \"choices\": [\"yes\", \"no\"]}";

    private const double Exact = 1e-6;

    /// <summary>The answers of a cell; what is not one is left out, as <see cref="Faults"/> tells of it.</summary>
    internal static IReadOnlyList<ExerciseAnswer> Of(JsonNode? metadata) =>
        [.. Entries(metadata).Select(entry => Read(entry.Key, entry.Value)).OfType<ExerciseAnswer>()];

    /// <summary>What is wrong with a cell's answers: their form, or that the text has another exercise or solution.</summary>
    internal static IEnumerable<string> Faults(NotebookCell cell)
    {
        if (cell.Node.At("metadata", Key) is { } answers && (answers is not JsonObject || cell.Kind != "markdown"))
            yield return $"\"{Key}\" stands in a {cell.Kind} cell as {answers.ToJsonString()}: expected in the Markdown cell of the " +
                $"exercises, with the exercises' numbers as names, each with {Expected}";
        var solutions = Exercises().Split(cell.Source).Skip(1).Chunk(2).DistinctBy(exercise => exercise[0])
            .ToDictionary(exercise => exercise[0], exercise => exercise[1]);
        foreach (var (exercise, node) in Entries(cell.Node["metadata"]))
            if (!solutions.TryGetValue(exercise, out var text))
                yield return $"there is an answer to exercise {exercise}, but no exercise begins with **{exercise}.** in that cell";
            else if (Read(exercise, node) is not { } answer)
                yield return $"the answer to exercise {exercise} is {node?.ToJsonString() ?? "null"}: expected {Expected}";
            else if (answer.MissingIn(text) is { } missing)
                yield return $"the answer to exercise {exercise} has {missing}, but its solution does not: write it there in digits, " +
                    "or mend the answer";
    }

    private static JsonObject Entries(JsonNode? metadata) => metadata.At(Key) as JsonObject ?? [];

    private static ExerciseAnswer? Read(string exercise, JsonNode? node)
    {
        var within = node.At("within") is { } given ? Number(given) : Exact;
        if (within is not > 0)
            return null;
        if (node.At("choices") is JsonArray listed)
        {
            string[] choices = [.. listed.Select(choice => choice.AsText()).OfType<string>()];
            var areAll = choices.Length == listed.Count && choices.Length > 1;
            return areAll && node.At("answer").AsText() is { } choice && choices.Contains(choice)
                ? new(exercise, [], Exact, choices, choice)
                : null;
        }
        double?[] numbers = node.At("answer") is JsonArray several ? [.. several.Select(Number)] : [Number(node.At("answer"))];
        return numbers.Length > 0 && numbers.All(number => number is not null)
            ? new(exercise, [.. numbers.OfType<double>()], within.Value, [], null)
            : null;
    }

    private static double? Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? number : null;

    /// <summary>What an exercise's solution does not say: the choice, or one of the numbers.</summary>
    private string? MissingIn(string text)
    {
        text = text[Math.Max(0, text.IndexOf("<details", StringComparison.Ordinal))..];
        if (Choice is not null)
            return text.Contains(Choice, StringComparison.OrdinalIgnoreCase) ? null : $"\"{Choice}\"";
        var plain = Thousands().Replace(text.Replace("{,}", ",").Replace('−', '-'), "");
        double[] written = [.. Digits().Matches(plain).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];
        // a minus sign may be the text's, not the number's
        return Numbers.Where(number => !written.Any(value => Math.Abs(Math.Abs(value) - Math.Abs(number)) <= Within))
            .Select(number => number.ToString(CultureInfo.InvariantCulture)).FirstOrDefault();
    }

    [GeneratedRegex(@"^\*\*([0-9]+)\.\*\*", RegexOptions.Multiline)]
    private static partial Regex Exercises();

    [GeneratedRegex("(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"-?[0-9]+(\.[0-9]+)?")]
    private static partial Regex Digits();
}
