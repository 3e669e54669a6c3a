using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using NotebookRunner.Documents;

namespace NotebookRunner.Reporting.Book;

/// <summary>
/// Where a reader answers an exercise in the page. The page knows the right answer by its hash only: a number belongs to a step of
/// twice its tolerance, and the step's number is hashed; of a choice, the words. ExerciseForm.js does the same to what is entered,
/// and shows the form, which is of no use without script.
/// </summary>
internal static class ExerciseForm
{
    private static readonly Lazy<string> Text = new(Read);

    /// <summary>The script that a page with a form needs.</summary>
    internal static string Script => Text.Value;

    /// <summary>The form of one exercise.</summary>
    /// <param name="answer">What is right.</param>
    /// <param name="lesson">Which lesson it is in, so that equal answers have different hashes.</param>
    internal static string Html(ExerciseAnswer answer, string lesson)
    {
        var (name, salt) = ($"exercise-{answer.Exercise}", $"{lesson}/{answer.Exercise}");
        var step = 2 * answer.Within;
        double[] steps = [.. answer.Numbers.Select(number => Math.Round(number / step) + 0.0)];
        var offsets = answer.Numbers.Zip(steps, (number, count) => (number - count * step).ToString("R", CultureInfo.InvariantCulture));
        var right = answer.Choice ?? string.Join(' ', steps.Select(count => count.ToString("0", CultureInfo.InvariantCulture)));
        var scale = answer.Choice is null
            ? string.Create(CultureInfo.InvariantCulture, $" data-step=\"{step:R}\" data-offsets=\"{string.Join(' ', offsets)}\"")
            : "";
        return $"""
            <form class="exercise" hidden data-salt="{Encode(salt)}" data-hash="{Hash($"{salt}: {right}")}"{scale}>
            {(answer.Choice is null ? Numbers(answer) : Choices(answer, name))}
            <button>Check</button> <output></output></form>
            """;
    }

    private static string Numbers(ExerciseAnswer answer) =>
        $"<label>Your answer to {Encode(answer.Exercise)}{(answer.Numbers.Count > 1 ? $" ({answer.Numbers.Count} numbers)" : "")}: " +
        "<input type=\"text\" autocomplete=\"off\" spellcheck=\"false\"></label>";

    private static string Choices(ExerciseAnswer answer, string name) =>
        $"<fieldset><legend>Your answer to {Encode(answer.Exercise)}:</legend>" + string.Concat(answer.Choices.Select(choice =>
            $"<label><input type=\"radio\" name=\"{Encode(name)}\" value=\"{Encode(choice)}\"> {Encode(choice)}</label> ")) + "</fieldset>";

    private static string Encode(string text) => BookWriter.Encode(text);

    private static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Read()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("ExerciseForm.js")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
