namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Text that shows as LaTeX. The kernel's own type of this name.</summary>
/// <param name="latexCode">The LaTeX.</param>
[TypeFormatterSource(typeof(LaTeXStringFormatterSource), PreferredMimeTypes = ["text/latex"])]
public class LaTeXString(string latexCode)
{
    private readonly string _code = latexCode ?? throw new ArgumentNullException(nameof(latexCode));

    /// <summary>Text is LaTeX where LaTeX is expected.</summary>
    public static implicit operator LaTeXString(string source) => new(source);

    /// <inheritdoc />
    public override string ToString() => _code;
}

internal sealed class LaTeXStringFormatterSource : ITypeFormatterSource
{
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() => [new LaTeXStringFormatter()];

    private sealed class LaTeXStringFormatter : TypeFormatter<LaTeXString>
    {
        public override string MimeType => "text/latex";

        public override bool Format(LaTeXString value, FormatContext context)
        {
            context.Writer.Write(value.ToString());
            return true;
        }
    }
}
