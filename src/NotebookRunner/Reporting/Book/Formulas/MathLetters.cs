namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>Unicode's letters for mathematics; a few were there before the others and have places of their own.</summary>
internal static class MathLetters
{
    internal static string Blackboard(string text) => Map(text, 0x1D538, 0x1D552, 0x1D7D8, "CℂHℍNℕPℙQℚRℝZℤ");

    internal static string Script(string text) => Map(text, 0x1D49C, 0x1D4B6, 0, "BℬEℰFℱHℋIℐLℒMℳRℛeℯgℊoℴ");

    internal static string Fraktur(string text) => Map(text, 0x1D504, 0x1D51E, 0, "CℭHℌIℑRℜZℨ");

    private static string Map(string text, int capitals, int small, int digits, string others) => string.Concat(text.Select(letter =>
        others.IndexOf(letter) is >= 0 and var at ? others[at + 1].ToString()
        : letter is >= 'A' and <= 'Z' ? char.ConvertFromUtf32(capitals + letter - 'A')
        : letter is >= 'a' and <= 'z' ? char.ConvertFromUtf32(small + letter - 'a')
        : letter is >= '0' and <= '9' && digits > 0 ? char.ConvertFromUtf32(digits + letter - '0')
        : MathMlWriter.Encode(letter.ToString())));
}
