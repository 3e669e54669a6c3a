using System.Xml.Linq;
using NotebookRunner.Reporting.Book;

namespace NotebookRunner.Tests.Reporting;

public sealed class LatexTests
{
    [Theory]
    [InlineData("x", "<mi>x</mi>")]
    [InlineData("12.5", "<mn>12.5</mn>")]
    [InlineData("6{,}272", "<mn>6,272</mn>")]
    [InlineData("a-b", "<mi>a</mi><mo>−</mo><mi>b</mi>")]
    [InlineData(@"\alpha", "<mi>α</mi>")]
    [InlineData(@"\Omega", "<mi mathvariant=\"normal\">Ω</mi>")]
    [InlineData(@"28\times28", "<mn>28</mn><mo>×</mo><mn>28</mn>")]
    [InlineData("x_i", "<msub><mrow><mi>x</mi></mrow><mrow><mi>i</mi></mrow></msub>")]
    [InlineData("x^{2}", "<msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup>")]
    [InlineData("x_i^2", "<msubsup><mrow><mi>x</mi></mrow><mrow><mi>i</mi></mrow><mrow><mn>2</mn></mrow></msubsup>")]
    [InlineData("x^2_i", "<msubsup><mrow><mi>x</mi></mrow><mrow><mi>i</mi></mrow><mrow><mn>2</mn></mrow></msubsup>")]
    [InlineData("f'", "<msup><mrow><mi>f</mi></mrow><mrow><mo>′</mo></mrow></msup>")]
    [InlineData(@"\frac{1}{2}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>")]
    [InlineData(@"\frac12", "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>")]
    [InlineData(@"\sqrt{x}", "<msqrt><mi>x</mi></msqrt>")]
    [InlineData(@"\sqrt[3]{x}", "<mroot><mrow><mi>x</mi></mrow><mrow><mn>3</mn></mrow></mroot>")]
    [InlineData(@"\text{if } x", "<mtext>if\u00A0</mtext><mi>x</mi>")]
    [InlineData(@"\mathrm{ReLU}", "<mi mathvariant=\"normal\">ReLU</mi>")]
    [InlineData(@"\lfloor x \rfloor", "<mo stretchy=\"false\">⌊</mo><mi>x</mi><mo stretchy=\"false\">⌋</mo>")]
    [InlineData(@"\left(x\right)", "<mrow><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo></mrow>")]
    [InlineData(@"\hat{y}", "<mover accent=\"true\"><mrow><mi>y</mi></mrow><mo stretchy=\"false\">^</mo></mover>")]
    [InlineData(@"\max(0, x)", "<mi>max</mi><mo stretchy=\"false\">(</mo><mn>0</mn><mo separator=\"true\">,</mo><mi>x</mi><mo stretchy=\"false\">)</mo>")]
    [InlineData(@"\mathbb{R}", "<mi>ℝ</mi>")]
    [InlineData(@"\not=", "<mo>=\u0338</mo>")]
    [InlineData(@"\not\in", "<mo>∈\u0338</mo>")]
    [InlineData("a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>")]
    [InlineData(@"\{1\}", "<mo stretchy=\"false\">{</mo><mn>1</mn><mo stretchy=\"false\">}</mo>")]
    public void Writes_MathML(string latex, string expected) => Assert.Equal(expected, Content(latex));

    [Fact]
    public void Sums_have_their_limits_beside_them_in_text_and_above_and_below_in_display()
    {
        Assert.StartsWith("<msubsup>", Content(@"\sum_{i=1}^n i"));
        Assert.StartsWith("<munderover>", Content(@"\sum_{i=1}^n i", display: true));
        Assert.StartsWith("<msubsup>", Content(@"\int_0^1 x", display: true));
        Assert.StartsWith("<munder>", Content(@"\max_{i,j} x", display: true));
    }

    [Theory]
    [InlineData("matrix", 0)]
    [InlineData("pmatrix", 2)]
    [InlineData("bmatrix", 2)]
    [InlineData("cases", 1)]
    public void Matrices_have_rows_columns_and_fences(string environment, int fences)
    {
        var content = XElement.Parse($"<r>{Content($@"\begin{{{environment}}} 1 & 2 & 3 \\ 4 & 5 & 6 \\ \end{{{environment}}}")}</r>");

        Assert.Equal(2, content.Descendants("mtr").Count());
        Assert.Equal(6, content.Descendants("mtd").Count());
        Assert.Equal(fences, content.Descendants("mo").Count());
    }

    [Fact]
    public void Unknown_command_is_shown_as_its_source_and_the_rest_is_drawn() =>
        Assert.Equal("<mtext class=\"math-unknown\">\\foo</mtext><mrow><mi>x</mi></mrow>", Content(@"\foo{x}"));

    [Theory]
    [InlineData(@"\frac{1")]
    [InlineData("x}")]
    [InlineData(@"\left( x")]
    [InlineData(@"\begin{matrix} 1")]
    [InlineData(@"\begin{nothing} 1 \end{nothing}")]
    [InlineData("x_")]
    [InlineData(@"a \not")]
    [InlineData("a & b")]
    public void Broken_formula_is_shown_as_its_source(string latex)
    {
        var html = Latex.ToMathMl(latex, display: false);

        Assert.StartsWith("<code class=\"latex\">", html);
        Assert.Contains(System.Net.WebUtility.HtmlEncode(latex), html);
    }

    [Theory]
    [InlineData(@"o = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1")]
    [InlineData(@"y_{i,j} = \sum_{m=0}^{k-1}\sum_{n=0}^{k-1} x_{i+m,\,j+n}\, w_{m,n}")]
    [InlineData(@"\hat{x} = \frac{x - \mu_B}{\sqrt{\sigma_B^2 + \varepsilon}}, \qquad y = \gamma\hat{x} + \beta")]
    [InlineData(@"\mathrm{SELU}(x) = \lambda \begin{cases} x & \text{if } x > 0 \\ \alpha(e^{x} - 1) & \text{otherwise} \end{cases}")]
    [InlineData(@"L = -\frac{1}{N}\sum_{n=1}^{N} \log \frac{e^{z_{n,t_n}}}{\sum_{c} e^{z_{n,c}}}")]
    [InlineData(@"\underbrace{(4 \cdot 4 \cdot 3 + 1)}_{\text{per filter}} \cdot 128 = 6{,}272")]
    [InlineData(@"\theta \leftarrow \theta - \eta \frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon}")]
    [InlineData(@"\begin{aligned} a &= b \\ &= c \end{aligned}")]
    public void Formulas_of_lessons_are_well_formed_and_known(string latex)
    {
        var math = XElement.Parse(Latex.ToMathMl(latex, display: true));

        Assert.Equal("math", math.Name.LocalName);
        Assert.DoesNotContain(math.Descendants(), element => (string?)element.Attribute("class") == "math-unknown");
        Assert.Equal(latex, math.Descendants("annotation").Single().Value);
    }

    private static string Content(string latex, bool display = false)
    {
        var html = Latex.ToMathMl(latex, display);
        var start = html.IndexOf("<mrow>", StringComparison.Ordinal) + "<mrow>".Length;
        return html[start..html.LastIndexOf("</mrow><annotation", StringComparison.Ordinal)];
    }
}
