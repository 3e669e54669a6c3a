using System.Net;
using System.Xml.Linq;
using CsCheck;
using NotebookRunner.Reporting.Book.Formulas;

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
    [InlineData("f'", "<mrow><mrow><mi>f</mi></mrow><mo form=\"postfix\" lspace=\"0\" rspace=\"0\">′</mo></mrow>")]
    [InlineData(@"f^\prime", "<mrow><mrow><mi>f</mi></mrow><mo form=\"postfix\" lspace=\"0\" rspace=\"0\">′</mo></mrow>")]
    [InlineData(
        "f_i''^2",
        "<msubsup><mrow><mrow><mi>f</mi></mrow><mo form=\"postfix\" lspace=\"0\" rspace=\"0\">′′</mo></mrow>" +
        "<mrow><mi>i</mi></mrow><mrow><mn>2</mn></mrow></msubsup>")]
    [InlineData(
        @"a \perp\!\perp -b",
        "<mi>a</mi><mo rspace=\"0\">⊥</mo><mspace style=\"margin-left: -0.17em\"/>" +
        "<mo lspace=\"0\">⊥</mo><mo form=\"prefix\">−</mo><mi>b</mi>")]
    [InlineData(@"a\!b", "<mi>a</mi><mspace style=\"margin-left: -0.17em\"/><mi>b</mi>")]
    [InlineData(@"\widehat{y}", "<mover accent=\"true\"><mrow><mi>y</mi></mrow><mo stretchy=\"true\">\u0302</mo></mover>")]
    [InlineData(
        @"{\Huge a \tiny b} c",
        "<mstyle mathsize=\"248.8%\"><mi>a</mi><mstyle mathsize=\"20.1%\"><mi>b</mi></mstyle></mstyle><mi>c</mi>")]
    [InlineData(@"\frac{1}{2}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>")]
    [InlineData(@"\frac12", "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>")]
    [InlineData(@"\sqrt{x}", "<msqrt><mi>x</mi></msqrt>")]
    [InlineData(@"\sqrt[3]{x}", "<mroot><mrow><mi>x</mi></mrow><mrow><mn>3</mn></mrow></mroot>")]
    [InlineData(@"\text{if } x", "<mtext>if\u00A0</mtext><mi>x</mi>")]
    [InlineData(@"\mathrm{ReLU}", "<mi mathvariant=\"normal\">ReLU</mi>")]
    [InlineData(@"\lfloor x \rfloor", "<mo stretchy=\"false\">⌊</mo><mi>x</mi><mo stretchy=\"false\">⌋</mo>")]
    [InlineData(@"\left(x\right)", "<mrow><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo></mrow>")]
    [InlineData(@"\hat{y}", "<mover accent=\"true\"><mrow><mi>y</mi></mrow><mo stretchy=\"false\">^</mo></mover>")]
    [InlineData(
        @"\max(0, x)",
        "<mi>max</mi><mo stretchy=\"false\">(</mo><mn>0</mn><mo separator=\"true\">,</mo><mi>x</mi><mo stretchy=\"false\">)</mo>")]
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
    [InlineData(@"\left\{\frac12\right\}", "brace-left", "brace-right")]
    [InlineData(@"\left[\frac12\right)", "bracket-left", "paren-right")]
    [InlineData(@"\left|\frac12\right\rceil", "bar-left", "ceil-right")]
    [InlineData(@"\left]\frac12\right[")] // an open interval: no shape of the style sheet is turned round
    [InlineData(@"\left.\frac12\right\rangle")]
    public void Fences_around_something_tall_are_drawn_on_the_side_that_they_are_made_for(string latex, params string[] shapes)
    {
        var rows = XElement.Parse($"<r>{Content(latex, display: true)}</r>").Descendants("mrow");

        Assert.Equal(shapes.Select(shape => $"fence {shape}"), rows.Select(row => (string?)row.Attribute("class")).OfType<string>());
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

    [Theory]
    [InlineData(@"\foo{x} + 1", @"\foo is not supported here.")]
    [InlineData(@"\href{https://example.invalid}{x}", @"\href is not supported here.")]
    [InlineData(@"\begin{CD} a \end{CD}", "The environment CD is not supported here.")]
    [InlineData(@"\begin{matrix} a \end{pmatrix}", @"\begin{matrix} ends with \end{pmatrix}.")]
    [InlineData(@"x^2^3", "Something has two superscripts; put braces around the one that has the other.")]
    [InlineData(@"a & b", "An & stands outside of a table.")]
    [InlineData(@"\frac{1}", @"\frac lacks an argument.")]
    [InlineData(@"\left( x", @"A \left has no \right.")]
    [InlineData(@"\left( x \right", @"\right takes a fence; nothing is none.")]
    [InlineData(@"\text{a", "Words have no } at their end.")]
    [InlineData(@"\color{javascript:} x", @"\color takes a colour's name or #rrggbb; javascript: is neither.")]
    [InlineData(@"\hspace{wide}", "A length is a number with a unit (em, ex, mu, pt, px, cm, mm, in); wide is none.")]
    [InlineData(@"\def\a{\a\a} \a", @"\a stands for itself again and again.")]
    [InlineData(@"p \\[7] q", "A length is a number with a unit (em, ex, mu, pt, px, cm, mm, in); 7 is none.")]
    [InlineData(@"\begin{gathered} p \\[0,2] q \end{gathered}", "(em, ex, mu, pt, px, cm, mm, in); 0,2 is none.")]
    [InlineData(@"\begin{cases} p \\[] q \end{cases}", "(em, ex, mu, pt, px, cm, mm, in); nothing is none.")]
    [InlineData(@"\text{p\\[wide] q}", "(em, ex, mu, pt, px, cm, mm, in); wide is none.")]
    [InlineData(@"p \\[1em q", @"The argument of \\ has no ].")]
    [InlineData(@"\Bigl{[x}", @"\Bigl takes a fence; [x is none.")]
    [InlineData(@"\bigg{}", @"\bigg takes a fence; nothing is none.")]
    [InlineData(@"\begingroup p }", @"A \begingroup has no \endgroup before }.")]
    [InlineData(@"\bgroup p \endgroup", @"A { has no } before \endgroup.")]
    [InlineData(@"\text{p \begingroup q}", @"Words have no \endgroup before }.")]
    [InlineData(@"p \endgroup", @"\endgroup stands alone.")]
    public void What_cannot_be_drawn_is_shown_as_its_source_with_the_reason(string latex, string reason)
    {
        var html = new Latex().ToMathMl(latex, display: true);

        Assert.StartsWith($"<code class=\"latex\">$${WebUtility.HtmlEncode(latex)}$$</code>", html);
        Assert.Contains(WebUtility.HtmlEncode(reason), html);
        Assert.DoesNotContain("<math", html);
    }

    // The words of each were compared with KaTeX's own MathML.
    [Theory]
    [InlineData(@"\stackrel{\mathrm{def}}{=}", "=def")]
    [InlineData(@"\underset{x}{\mathrm{argmin}} \overset{!}{=}", "argminx=!")]
    [InlineData(@"A \succeq 0 \preceq B", "A⪰0⪯B")]
    [InlineData(@"\arccos x + \arcsin y", "arccosx+arcsiny")]
    [InlineData(@"{n \choose k} {a \over b} {c \atop d} {n \brack k}", "(nk)abcd[nk]")]
    [InlineData(@"A \backslash B", "A\\B")]
    [InlineData(@"x = y \tag{1}", "x=y(1)")]
    [InlineData(@"\boxed{x} \tag*{A}", "xA")]
    [InlineData(@"a \equiv b \pmod{n}", "a≡b(modn)")]
    [InlineData(@"a \bmod b", "amodb")]
    [InlineData(@"x \xrightarrow[b]{a} y", "x→bay")]
    [InlineData(@"\begin{array}{c|c} a & b \\ \hline c & d \end{array}", "abcd")]
    [InlineData(@"\sum_{\substack{i<m \\ j<n}} x", "∑i<mj<nx")]
    [InlineData(@"\begin{dcases} a & b \\ c & d \end{dcases}", "{abcd")]
    [InlineData(@"\begin{alignedat}{2} a &= b &\quad c &= d \end{alignedat}", "a=bc=d")]
    [InlineData(@"\begin{multline*} a \\ b \end{multline*}", "ab")]
    [InlineData(@"\begin{align} a &= b \tag{7} \\ c &= d \nonumber \end{align}", "a=b(7)c=d")]
    [InlineData(@"a \\ b \\ c", "abc")]
    [InlineData(@"\operatorname*{arg\,max}_x f", "argmaxxf")]
    [InlineData(@"\mathop{\mathrm{minimize}}_x f", "minimizexf")]
    [InlineData(@"\text{for $x^2$ and \textbf{bold $y$}, 5\%}", "forx2andboldy,5%")]
    [InlineData(@"\displaystyle\sum_i^n x_i", "∑inxi")]
    [InlineData(@"\left\{ x \,\middle|\, x > 0 \right\}", "{x|x>0}")]
    [InlineData(@"\left.\frac{a}{b}\right|_{x=0}", "ab|x=0")]
    [InlineData(@"\newcommand{\E}[2][p]{\mathbb{E}_{#1}[#2]} \E{x} \E[q]{y}", "𝔼p[x]𝔼q[y]")]
    [InlineData(@"{\bf w}^{\rm T} {\cal L}", "wTℒ")]
    [InlineData(@"\mathfrak{g} \mathscr{L} \mathbb{1}", "𝔤ℒ𝟙")]
    [InlineData(@"\color{red} x + \textcolor{#0072b2}{y}", "x+y")]
    [InlineData(@"\verb|x_1^2|", "x_1^2")]
    [InlineData(@"x''^2 + f'_i", "x′′2+f′i")]
    [InlineData(@"\genfrac(]{0pt}{2}{a}{b}", "(ab]")]
    [InlineData(@"\not\subset \notin", "⊄∉")]
    [InlineData(@"a % a comment", "a")]
    [InlineData(@"x\ ", "x")]
    [InlineData(@"{a \above 1pt b} \rule[1ex]{1em}{2pt} \left\lt x \right\gt", "ab⟨x⟩")]
    [InlineData(@"\verb*|a_1| \textregistered", "a_1®")]
    [InlineData(@"D\mathchoice{D}{T}{S}{P} x_{\mathchoice{D}{T}{S}{P}}^{2_{\mathchoice{D}{T}{S}{P}}}", "DDxS2P")]
    [InlineData(@"\frac{\mathchoice{D}{T}{S}{P}}{x^\frac{\mathchoice{D}{T}{S}{P}}{2}} \scriptstyle\mathchoice{D}{T}{S}{P}", "TxP2S")]
    [InlineData(@"\overlinesegment{AB} \underlinesegment{CD} \phase{-78^\circ} a_{\angl n} \angln", "ABCD−78∘ann")]
    public void Commands_that_a_lesson_may_use_are_drawn(string latex, string words)
    {
        var math = Drawn(latex);

        Assert.Equal(words, string.Concat(math.Value.Where(character => !char.IsWhiteSpace(character))));
    }

    // The words of each were compared with KaTeX's own MathML.
    [Theory]
    [InlineData(@"\begin{pmatrix} [p, q] \\ [7, 8] \end{pmatrix}", "([p,q][7,8])", 2)]
    [InlineData("\\begin{split} p &\\in \\\\\n[-1,1] &\\ni q \\end{split}", "p∈[−1,1]∋q", 2)]
    [InlineData(@"\begin{dcases} p \\ [.5] & q \\ [+r] \end{dcases}", "{p[.5]q[+r]", 3)]
    [InlineData(@"\begin{array}{l} p \\ [1em] q \end{array}", "p[1em]q", 2)]
    [InlineData(@"\begin{gather*} p \\ [7] q \end{gather*}", "p[7]q", 2)]
    [InlineData(@"\substack{p \\ [7] q}", "p[7]q", 2)]
    [InlineData(@"p \\ [7] q", "p[7]q", 2)]
    [InlineData(@"p \\[7 pt] q \\[ -.5em ] [r]", "pq[r]", 3)]
    [InlineData(@"p \\*[1em] q", "p∗[1em]q", 2)]
    [InlineData(@"\begin{matrix} p \\* q \\ * r \end{matrix}", "p∗q∗r", 3)]
    [InlineData(@"\begin{matrix} p \cr[1em] q \newline[2] r \end{matrix}", "p[1em]q[2]r", 3)]
    [InlineData(@"\begin{matrix} p \\{}[7] \\\relax[8] \end{matrix}", "p[7][8]", 3)]
    [InlineData(@"\def\z{[1em]}\begin{matrix} p \\\z q \end{matrix}", "p[1em]q", 2)]
    [InlineData(@"\def\z{1em}\begin{matrix} p \\[\z] q \end{matrix}", "pq", 2)]
    [InlineData("\\begin{matrix} p \\\\% a comment\n[1em] q \\end{matrix}", "pq", 2)]
    [InlineData(@"\begin{array}{l} p \\\hline [7] \\[1em]\hline [8] \end{array}", "p[7][8]", 3)]
    [InlineData(@"\begin{aligned}[c, d] &= p \end{aligned}", "[c,d]=p", 1)]
    [InlineData(@"\left( p \\ q \right)", "(pq)", 2)]
    [InlineData(@"\left[ p \\[1em] [q] \,\middle|\, r \\ s \right]", "[p[q]|rs]", 4)]
    [InlineData(@"\begin{matrix} \left( p \\ q \right) & r \end{matrix}", "(pq)r", 3)]
    [InlineData(@"\sqrt [p \\ q]{r}", "rpq", 2)]
    [InlineData(@"x \xrightarrow [p]{q} y", "x→pqy", 0)]
    [InlineData(@"\text{p\\q \textbf{r\\[1em]s}}", "pqrs", 4)]
    [InlineData(@"\text{p \\ [7] $q \\ r$}", "p[7]qr", 4)]
    [InlineData(@"p_\bgroup q r\egroup s", "pqrs", 0)]
    [InlineData(@"\begingroup p \\ q \endgroup r^\begingroup s \endgroup", "pqrs", 2)]
    [InlineData(@"\text{p \begingroup\bf q\endgroup{} \bgroup r\egroup}", "pqr", 0)]
    [InlineData(@"\def\x{1}\begingroup\def\x{2}\x\endgroup\x\bgroup\def\x{3}\x\egroup\x", "2131", 0)]
    [InlineData(@"\Bigl{[} x \Biggr{ \rangle } \big {\|} \bigm{|}", "[x⟩‖|", 0)]
    public void Line_breaks_and_groups_leave_nothing_out(string latex, string words, int rows)
    {
        var math = Drawn(latex);

        Assert.Equal(words, string.Concat(math.Value.Where(character => !char.IsWhiteSpace(character))));
        Assert.Equal(rows, math.Descendants("mtr").Count());
    }

    [Theory]
    [InlineData(@"p \\[2em] q \\ r", "2em", null, null)]
    [InlineData(@"\begin{bmatrix} p \\ q \\[18mu] r \end{bmatrix}", null, "1em", null)]
    [InlineData(@"\begin{align} p &= q \\[10pt] r &= s \end{align}", "1em", "1em", null, null)]
    [InlineData(@"\substack{p \\[-.2em] q}", "-0.2em", null)]
    [InlineData(@"\text{p\\[12nc]q}", "15.408em", null)]
    public void A_line_break_adds_the_space_that_it_asks_for(string latex, params string?[] gaps) =>
        Assert.Equal(gaps.Select(gap => gap is null ? null : $"padding-bottom: calc(.5ex + {gap})"),
            Drawn(latex).Descendants("mtd").Select(cell => (string?)cell.Attribute("style")));

    [Theory]
    [InlineData("align", "", true)]
    [InlineData("align*", "", true)]
    [InlineData("aligned", "", true)]
    [InlineData("alignat", "{3}", false)]
    [InlineData("alignat*", "{3}", false)]
    [InlineData("alignedat", "{3}", false)]
    public void Pairs_of_columns_stand_apart_unless_their_author_parts_them(string environment, string count, bool isParted)
    {
        using var style = new StreamReader(typeof(Latex).Assembly.GetManifestResourceStream("book.css")!);
        var math = Drawn($@"\begin{{{environment}}}{count} p &= q & r &= s && = t \\ u &= v \end{{{environment}}}");

        var parted = math.Descendants("mtr").First().Elements("mtd").Select(cell => Classes(cell).Contains("math-next-pair"));
        Assert.Equal([false, false, isParted, false, isParted, false], parted);
        Assert.Contains(".math-next-pair { padding-left: 1em; }", style.ReadToEnd());
    }

    [Fact]
    public void A_tag_stands_behind_the_widest_line()
    {
        var rows = Drawn(@"\begin{align} p \tag{7} \\ q &= r & s &= t \tag{8} \end{align}").Descendants("mtr").ToList();

        Assert.All(rows, row => Assert.Equal(4, row.Elements().TakeWhile(cell => !Classes(cell).Contains("math-tag")).Count()));
    }

    // Each line has its side of a column; what parts two lines is a thin column.
    [Theory]
    [InlineData("l|r", "left line-right", "right")]
    [InlineData("||l::r|", "between line-left", "left line-left dashes-right", "between dashes-right", "right line-right")]
    [InlineData(":|:l|||r", "between dashes-left", "between line-left", "left dashes-left line-right", "between line-right",
        "between line-right", "right")]
    [InlineData("|lr||", "left line-left", "right line-right", "between line-right")]
    public void As_many_lines_stand_between_columns_as_were_asked_for(string columns, params string[] classes)
    {
        var rows = Drawn($@"\begin{{array}}{{{columns}}} p & q \\ s \end{{array}}").Descendants("mtr").ToList();

        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.Equal(classes, row.Elements("mtd").Select(Short)));
        Assert.Equal(["p", "q"], rows[0].Elements("mtd").Where(cell => !Classes(cell).Contains("math-between")).Select(cell => cell.Value));
    }

    [Fact]
    public void As_many_lines_stand_between_rows_as_were_asked_for()
    {
        var math = Drawn(@"\begin{array}{l} \hline p \\ \hline\hdashline q \\ r \\ \hdashline\hline\hline \end{array}");

        Assert.Equal(
            [
                "left line-above", "left apart line-above", "left dashes-above", "left dashes-below", "left apart line-below",
                "left apart line-below",
            ],
            math.Descendants("mtd").Select(Short));
    }

    [Fact]
    public void A_colour_holds_in_the_lines_below_and_ends_with_a_cell()
    {
        static string Red(string latex) => string.Concat(Drawn(latex).Descendants().Where(row => row.Attribute("mathcolor") is not null)
            .Select(row => row.Value));

        Assert.Equal("qr", Red(@"p \color{red} q \\ r"));
        Assert.Equal("qr", Red(@"\text{p \color{red}q\\r}").Replace("\u00A0", ""));
        Assert.Equal("q", Red(@"\begin{matrix} p \color{red} q \\ r \end{matrix}"));
    }

    // What stands between words was compared with KaTeX's own MathML, spaces and all.
    [Theory]
    [InlineData(@"\text{a \textcolor{red}{b c}, d}", "a b c, d")]
    [InlineData(@"\text{a \underline{b c} d}", "a b c d")]
    [InlineData(@"\text{a \phantom{b c}\sout{d e}}", "a b cd e")]
    [InlineData(@"\text{\textcolor{red}{x $y z$ u v}}", "x yz u v")]
    [InlineData(@"\text{a {\color{red} b c} d}", "a  b c d")]
    [InlineData(@"\text{a {\bf b c} {\rm d e} \small f g}", "a b c d e f g")]
    [InlineData(@"\textup{a b} \text{\textup{c d}}", "a bc d")]
    [InlineData(@"\text{\c{x} y}", "x\u0327 y")]
    public void Words_keep_their_spaces_in_whatever_they_stand(string latex, string words)
    {
        var math = Drawn(latex);

        Assert.Equal(words, math.Value.Replace('\u00A0', ' '));
        Assert.DoesNotContain(math.Descendants("mi"), letter => letter.Value is "b" or "c");
    }

    [Theory]
    [InlineData(@"x_1 + \dots + x_n", "⋯")]
    [InlineData(@"a_1 \times \dots \times a_n", "⋯")]
    [InlineData(@"\int \dots \int", "⋯")]
    [InlineData(@"x_1, \dots, x_n", "…")]
    [InlineData(@"1 + 2 + \dots", "…")]
    public void Dots_stand_at_the_height_of_what_follows_them(string latex, string dots) => Assert.Contains($">{dots}<", Content(latex));

    [Theory]
    [InlineData(@"\operatorname*{argmin}_x", false, "msub")]
    [InlineData(@"\operatorname*{argmin}_x", true, "munder")]
    [InlineData(@"\operatorname{f}_x", true, "msub")]
    [InlineData(@"\mathop{f}_x", true, "munder")]
    [InlineData(@"\sum\limits_i^n", false, "munderover")]
    [InlineData(@"\int\limits_0^1", false, "munderover")]
    [InlineData(@"\sum\nolimits_i^n", true, "msubsup")]
    [InlineData(@"\displaystyle \sum_i^n", false, "munderover")]
    [InlineData(@"\textstyle \sum_i^n", true, "msubsup")]
    [InlineData(@"\frac{\sum_i^n x}{2}", true, "msubsup")]
    [InlineData(@"\begin{dcases} \sum_i^n \end{dcases}", true, "munderover")]
    [InlineData(@"\underbrace{x}_{y}", false, "munder")]
    public void Limits_stand_where_TeX_puts_them(string latex, bool display, string element) =>
        Assert.Contains($"<{element}>", Content(latex, display));

    [Fact]
    public void Macros_hold_for_the_formulas_after_them()
    {
        var latex = new Latex();
        latex.ToMathMl(@"\newcommand{\vect}[1]{\mathbf{#1}}", display: true);

        Assert.Contains(">w</mi>", latex.ToMathMl(@"\vect{w}", display: false));
        Assert.Contains(@"\vect is not supported", new Latex().ToMathMl(@"\vect{w}", display: false));
    }

    // KaTeX's own tests have such formulas; so did it draw these.
    [Theory]
    [InlineData(@"\def\x{1}\x{\def\x{2}\x{\def\x{3}\x}\x}\x", "12321")]
    [InlineData(@"\def\x{1}\x{\gdef\x{2}\x\def\x{3}\x}\x", "1232")]
    [InlineData(@"\def\x{1}{\global\def\x{2}}\x", "2")]
    [InlineData(@"\def\x{1}\sqrt[\def\x{2}\x]{\x}\x", "121")]
    [InlineData(@"\def\x{1}\begin{matrix}\x & \def\x{2}\x & \x\end{matrix}\x", "1211")]
    [InlineData(@"\def\x{1}\left(\def\x{2}\x\right)\x", "(2)1")]
    [InlineData(@"{\newcommand\x{2}\x}\newcommand\x{1}\x", "21")]
    [InlineData(@"\def\x{1}\edef\y{\x}\def\x{2}\y\x", "12")]
    [InlineData(@"\def\x{1}{\xdef\y#1{#1\x}\def\x{2}}\y{3}", "31")]
    [InlineData(@"\long\def\x{1}{\global\long\edef\x{\x\x}}\x", "11")]
    public void Macros_end_with_the_group_that_defines_them_unless_they_are_global(string latex, string words) =>
        Assert.Equal(words.Order(), Drawn(latex).Value.Order());

    [Fact]
    public void A_formula_that_cannot_be_read_leaves_no_macros_of_its_groups()
    {
        var latex = new Latex();
        latex.ToMathMl(@"{\def\vect{2} \undefined", display: true);

        Assert.Contains(@"\vect is not supported", latex.ToMathMl(@"\vect", display: false));
    }

    [Fact]
    public void Whatever_is_written_comes_out_well_formed_or_as_its_source()
    {
        string[] parts =
        [
            "x", "1", "{", "}", "_", "^", "&", @"\\", "'", " ", "%", "$", "#", "~", "[", "]", "<", "\"", "é", "中", "😀", "\u0001",
            @"\left(", @"\right)", @"\middle|", @"\frac", @"\sqrt", @"\text{", @"\begin{matrix}", @"\end{matrix}",
            @"\begin{array}{c|r}", @"\end{array}", @"\hline", @"\over", @"\choose", @"\limits", @"\sum", @"\max",
            @"\operatorname*", @"\mathbf", @"\bf", @"\color{red}", @"\tag{1}", @"\def\a", @"\a", @"\not", @"\big",
            @"\xrightarrow", @"\substack", @"\displaystyle", @"\hspace{1em}", @"\char", @"\verb", @"\genfrac", @"\boxed",
            @"\overset", @"\", @"\newcommand", @"\let", @"\let\b", @"\gdef\b", @"\b", "{}", "#1", @"\def\b#1", @"\global",
            @"\newcommand{\c}[1][x]", @"\c", @"\DeclareMathOperator", @"\smash", @"\mathrlap", @"\clap", @"\xleftarrow",
            @"\bgroup", @"\egroup", @"\begingroup", @"\endgroup", @"\\[1em]", @"\begin{array}{||c::}", @"\hline\hdashline", @"\big{(}",
            @"\rule", @"\raisebox", @"\genfrac(){1pt}", @"\edef\a", @"\xdef\b", @"\long", @"\mathchoice", @"\angl", @"\phase",
        ];
        Gen.Int[0, parts.Length - 1].Select(index => parts[index]).List[0, 12].Sample(pieces =>
        {
            var html = new Latex().ToMathMl(string.Concat(pieces), display: pieces.Count % 2 == 0);
            Assert.DoesNotContain("cannot be drawn here", html);
            if (!html.StartsWith("<code", StringComparison.Ordinal))
                XElement.Parse(html.Replace("\u0001", ""));
        }, iter: 20_000);
    }

    public static TheoryData<string, string> WithoutBoundOrSense => new()
    {
        { Times(@"\bm", 6600) + "x", "nested" },
        { $@"\def\a{{{Times(@"\bm", 1000)}}}\def\b{{{Times(@"\a", 90)}}}\b x", "nested" },
        { Times(@"\hat\sqrt\left(", 1200), "nested" },
        { Times(@"\frac\hat", 1200), "nested" },
        { $@"\text{{{Times(@"\underline{\bf", 1300)}", "nested" },
        { $@"\def\a#1{{{Times("#1", 4990)}}}\a{{{new string('x', 9990)}}}", "stands for too much" },
        { $@"\def\a#1{{{Times("#1", 500)}}}\a{{\a{{\a{{x}}}}}}", "stands for too much" },
        { @"\def\a{\a\a}\a", "again and again" },
        { $@"\edef\a{{xx}}{Times(@"\edef\a{\a\a}", 30)}\a", "stands for too much" },
        { @"\let\a{}", "none in its braces" },
        { @"\global\long x", @"\long stands before a definition" },
        { @"\smash[x]{y}", "takes t or b" },
        { $@"\begin{{matrix}} {Times("&", 3000)} {Times(@"\\", 3000)} \end{{matrix}}", "more than 20000 cells" },
        { $@"\begin{{array}}{{{Times("|", 3000)}}} {Times(@"\\", 3000)} \end{{array}}", "more than 20000 cells" },
        { @"\xin{a}", "not supported" },
        { @"\xlt{a}", "not supported" },
        { @"\xuparrow{a}", "not supported" },
    };

    [Theory, MemberData(nameof(WithoutBoundOrSense))]
    public void Formula_without_bound_or_sense_is_shown_as_its_source(string latex, string reason)
    {
        var html = new Latex().ToMathMl(latex, display: false);

        Assert.StartsWith("<code class=\"latex\">", html);
        Assert.Contains(reason, html);
    }

    [Fact]
    public void Formula_of_a_hundred_fractions_in_fractions_is_drawn() =>
        Assert.Equal(100, Drawn(Times(@"\frac{1}{", 100) + "x" + Times("}", 100)).Descendants("mfrac").Count());

    [Theory]
    [InlineData(@"\smash{x}", "0", "0")]
    [InlineData(@"\smash[t]{x}", "0", null)]
    [InlineData(@"\smash[b]{x}", null, "0")]
    public void A_smashed_formula_has_no_height_no_depth_or_neither(string latex, string? height, string? depth)
    {
        var smashed = Drawn(latex).Descendants("mpadded").Single();

        Assert.Equal((height, depth), (smashed.Attribute("height")?.Value, smashed.Attribute("depth")?.Value));
    }

    [Theory, InlineData("cancel", "rising"), InlineData("bcancel", "falling")]
    public void A_cancelled_formula_has_its_stroke_in_TeXs_direction(string command, string stroke)
    {
        using var style = new StreamReader(typeof(Latex).Assembly.GetManifestResourceStream("book.css")!);
        var rules = style.ReadToEnd();

        Assert.Single(Drawn($@"\{command}{{x}}").Descendants("mrow"), row => row.Attribute("class")?.Value == $"math-{command}");
        Assert.Contains($".math-{command} {{ background-image: var(--{stroke}); }}", rules);
        Assert.Contains("--rising: linear-gradient(to bottom right,", rules); // its middle rises from the bottom left
        Assert.Contains("--falling: linear-gradient(to top right,", rules);
    }

    [Theory]
    [InlineData(@"\llap{x}", "math-llap")]
    [InlineData(@"\mathclap{x}", "math-clap")]
    public void What_takes_no_room_stands_out_to_its_side(string latex, string name)
    {
        using var style = new StreamReader(typeof(Latex).Assembly.GetManifestResourceStream("book.css")!);

        Assert.Single(Drawn(latex).Descendants("mrow"), row => row.Attribute("class")?.Value == name);
        Assert.Contains(".math-llap, .math-clap { display: flex; width: 0;", style.ReadToEnd());
    }

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
        var html = new Latex().ToMathMl(latex, display: false);

        Assert.StartsWith("<code class=\"latex\">", html);
        Assert.Contains(WebUtility.HtmlEncode(latex), html);
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
        var math = XElement.Parse(new Latex().ToMathMl(latex, display: true));

        Assert.Equal("math", math.Name.LocalName);
        Assert.Equal(latex, math.Descendants("annotation").Single().Value);
    }

    /// <summary>The formula without its source.</summary>
    private static XElement Drawn(string latex)
    {
        var math = XElement.Parse(new Latex().ToMathMl(latex, display: true));
        math.Descendants("annotation").Remove();
        return math;
    }

    private static string[] Classes(XElement element) => ((string?)element.Attribute("class"))?.Split(' ') ?? [];

    private static string Short(XElement cell) =>
        ((string)cell.Attribute("class")!).Replace("math-", "");

    private static string Content(string latex, bool display = false)
    {
        var html = new Latex().ToMathMl(latex, display);
        var start = html.IndexOf("<mrow>", StringComparison.Ordinal) + "<mrow>".Length;
        return html[start..html.LastIndexOf("</mrow><annotation", StringComparison.Ordinal)];
    }

    private static string Times(string latex, int count) => string.Concat(Enumerable.Repeat(latex, count));
}
