using System.Globalization;

namespace NotebookRunner.Reporting.Book.Formulas;

/// <summary>What each command of one symbol draws, as data: names from KaTeX's list of supported functions.</summary>
internal static class LatexSymbols
{
    /// <summary>Letters, which are italic when they are small.</summary>
    private const string Letters =
        """
        alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ thetasym ϑ iota ι kappa κ
        varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ
        varphi φ chi χ psi ψ omega ω digamma ϝ imath ı jmath ȷ ell ℓ hbar ℏ hslash ℏ partial ∂ eth ð
        """;

    private const string UprightLetters =
        """
        Alpha Α Beta Β Gamma Γ Delta Δ Epsilon Ε Zeta Ζ Eta Η Theta Θ Iota Ι Kappa Κ Lambda Λ Mu Μ Nu Ν Xi Ξ Omicron Ο
        Pi Π Rho Ρ Sigma Σ Tau Τ Upsilon Υ Phi Φ Chi Χ Psi Ψ Omega Ω varGamma Γ varDelta Δ varTheta Θ varLambda Λ varXi Ξ
        varPi Π varSigma Σ varUpsilon Υ varPhi Φ varPsi Ψ varOmega Ω infty ∞ infin ∞ nabla ∇ emptyset ∅ empty ∅
        varnothing ∅ Re ℜ real ℜ Im ℑ image ℑ aleph ℵ alef ℵ alefsym ℵ beth ℶ gimel ℷ daleth ℸ wp ℘ weierp ℘
        degree ° top ⊤ bot ⊥ prime ′ backprime ‵ forall ∀ exists ∃ exist ∃ nexists ∄ complement ∁ angle ∠
        measuredangle ∡ sphericalangle ∢ surd √ checkmark ✓ dag † ddag ‡ Dagger ‡ square □ Box □ blacksquare ■
        triangle △ triangledown ▽ blacktriangle ▲ blacktriangledown ▼ bigstar ★ lozenge ◊ blacklozenge ⧫
        Diamond ◊ clubsuit ♣ clubs ♣ diamondsuit ♢ diamonds ♢ heartsuit ♡ hearts ♡ spadesuit ♠ spades ♠ flat ♭
        natural ♮ sharp ♯ pounds £ mathsterling £ yen ¥ maltese ✠ copyright © circledR ® circledS Ⓢ mho ℧ Finv Ⅎ Game ⅁
        diagup ╱ diagdown ╲ backslash \ % % # # & & $ $ _ _ ldots … dots … dotsc … dotso … mathellipsis … cdots ⋯
        dotsb ⋯ dotsm ⋯ dotsi ⋯ vdots ⋮ varvdots ⋮ ddots ⋱ iddots ⋰ neg ¬ lnot ¬ lq ‘ S § P ¶ sect §
        textregistered ® AA Å aa å
        """;

    private const string Binaries =
        """
        cdot ⋅ centerdot ⋅ sdot ⋅ times × ast ∗ star ⋆ div ÷ pm ± plusmn ± mp ∓ circ ∘ bullet • bull • odot ⊙
        otimes ⊗ oplus ⊕ ominus ⊖ oslash ⊘ setminus ∖ smallsetminus ∖ wedge ∧ land ∧ vee ∨ lor ∨ cup ∪ cap ∩
        uplus ⊎ sqcup ⊔ sqcap ⊓ amalg ⨿ dagger † ddagger ‡ wr ≀ bigcirc ◯ circledast ⊛ circledcirc ⊚ circleddash ⊝
        boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ dotplus ∔ And & intercal ⊺ ltimes ⋉ rtimes ⋊ leftthreetimes ⋋
        rightthreetimes ⋌ curlyvee ⋎ curlywedge ⋏ barwedge ⊼ veebar ⊻ doublebarwedge ⩞ Cap ⋒ doublecap ⋒ Cup ⋓
        doublecup ⋓ divideontimes ⋇ lhd ⊲ rhd ⊳ unlhd ⊴ unrhd ⊵ triangleleft ◃ triangleright ▹ bigtriangleup △
        bigtriangledown ▽ diamond ⋄ lessdot ⋖ gtrdot ⋗ minuso ⦵
        """;

    private const string Relations =
        """
        le ≤ leq ≤ leqslant ⩽ leqq ≦ ge ≥ geq ≥ geqslant ⩾ geqq ≧ ne ≠ neq ≠ lt < gt > ll ≪ lll ⋘ llless ⋘
        gg ≫ ggg ⋙ gggtr ⋙ approx ≈ approxeq ≊ thickapprox ≈ equiv ≡ sim ∼ thicksim ∼ simeq ≃ backsim ∽
        backsimeq ⋍ eqsim ≂ cong ≅ propto ∝ varpropto ∝ asymp ≍ doteq ≐ Doteq ≑ doteqdot ≑ fallingdotseq ≒
        risingdotseq ≓ eqcirc ≖ circeq ≗ triangleq ≜ bumpeq ≏ Bumpeq ≎ prec ≺ succ ≻ preceq ⪯ succeq ⪰ preccurlyeq ≼
        succcurlyeq ≽ curlyeqprec ⋞ curlyeqsucc ⋟ precsim ≾ succsim ≿ precapprox ⪷ succapprox ⪸ lesssim ≲ gtrsim ≳
        lessapprox ⪅ gtrapprox ⪆ lessgtr ≶ gtrless ≷ lesseqgtr ⋚ gtreqless ⋛ lesseqqgtr ⪋ gtreqqless ⪌ eqslantless ⪕
        eqslantgtr ⪖ in ∈ isin ∈ notin ∉ ni ∋ owns ∋ notni ∌ subset ⊂ sub ⊂ subseteq ⊆ sube ⊆ subseteqq ⫅
        supset ⊃ supseteq ⊇ supe ⊇ supseteqq ⫆ Subset ⋐ Supset ⋑ sqsubset ⊏ sqsubseteq ⊑ sqsupset ⊐ sqsupseteq ⊒
        mid ∣ shortmid ∣ parallel ∥ shortparallel ∥ perp ⊥ vdash ⊢ dashv ⊣ vDash ⊨ models ⊨ Vdash ⊩ Vvdash ⊪
        bowtie ⋈ Join ⋈ between ≬ pitchfork ⋔ backepsilon ∍ smile ⌣ frown ⌢ smallsmile ⌣ smallfrown ⌢ multimap ⊸
        origof ⊶ imageof ⊷ therefore ∴ because ∵ vartriangle △ vartriangleleft ⊲ vartriangleright ⊳ trianglelefteq ⊴
        trianglerighteq ⊵
        blacktriangleleft ◀ blacktriangleright ▶ vcentcolon : ratio : dblcolon ∷ coloncolon ∷ coloneqq ≔ colonequals ≔
        Coloneqq ⩴ coloncolonequals ⩴ eqqcolon ≕ equalscolon ≕ coloneq :− colonminus :− eqcolon −: minuscolon −:
        colonapprox :≈ colonsim :∼ approxcolon ≈: simcolon ∼: Coloneq ∷− coloncolonminus ∷− Eqqcolon =∷
        equalscoloncolon =∷ Eqcolon −∷ minuscoloncolon −∷ Colonapprox ∷≈ coloncolonapprox ∷≈ Colonsim ∷∼
        coloncolonsim ∷∼ simcoloncolon ∼∷ approxcoloncolon ≈∷ ordinarycolon : nless ≮ ngtr ≯ nleq ≰ ngeq ≱
        nleqslant ≰ ngeqslant ≱ nleqq ≰ ngeqq ≱ lneq ⪇ gneq ⪈ lneqq ≨ gneqq ≩ lvertneqq ≨ gvertneqq ≩ lnsim ⋦
        gnsim ⋧ lnapprox ⪉ gnapprox ⪊ nprec ⊀ nsucc ⊁ npreceq ⋠ nsucceq ⋡ precneqq ⪵ succneqq ⪶ precnsim ⋨
        succnsim ⋩ precnapprox ⪹ succnapprox ⪺ nsim ≁ ncong ≇ nmid ∤ nshortmid ∤ nparallel ∦ nshortparallel ∦ nvdash ⊬
        nvDash ⊭ nVdash ⊮ nVDash ⊯ nsubseteq ⊈ nsupseteq ⊉ nsubseteqq ⊈ nsupseteqq ⊉ subsetneq ⊊ supsetneq ⊋
        varsubsetneq ⊊ varsupsetneq ⊋ subsetneqq ⫋ supsetneqq ⫌ varsubsetneqq ⫋ varsupsetneqq ⫌ ntriangleleft ⋪
        ntriangleright ⋫ ntrianglelefteq ⋬ ntrianglerighteq ⋭
        """;

    private const string Punctuation = "colon : cdotp ⋅ ldotp .";

    private const string Arrows =
        """
        to → rightarrow → rarr → leftarrow ← larr ← gets ← leftrightarrow ↔ lrarr ↔ harr ↔ Rightarrow ⇒ rArr ⇒
        Rarr ⇒ Leftarrow ⇐ lArr ⇐ Larr ⇐ Leftrightarrow ⇔ lrArr ⇔ Lrarr ⇔ hArr ⇔ Harr ⇔ iff ⟺ implies ⟹
        impliedby ⟸ mapsto ↦ mapsfrom ↤ longmapsto ⟼ longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷
        Longrightarrow ⟹ Longleftarrow ⟸ Longleftrightarrow ⟺ hookrightarrow ↪ hookleftarrow ↩ nearrow ↗ searrow ↘
        swarrow ↙ nwarrow ↖ rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ rightleftharpoons ⇌
        leftrightharpoons ⇋ rightleftarrows ⇄ leftrightarrows ⇆ rightrightarrows ⇉ leftleftarrows ⇇ upuparrows ⇈
        downdownarrows ⇊ leadsto ⇝ rightsquigarrow ⇝ leftrightsquigarrow ↭ twoheadrightarrow ↠ twoheadleftarrow ↞
        rightarrowtail ↣ leftarrowtail ↢ looparrowright ↬ looparrowleft ↫ curvearrowright ↷ curvearrowleft ↶
        circlearrowright ↻ circlearrowleft ↺ dashrightarrow ⇢ dashleftarrow ⇠ Rrightarrow ⇛ Lleftarrow ⇚ Rsh ↱ Lsh ↰
        upharpoonright ↾ restriction ↾ upharpoonleft ↿ downharpoonright ⇂ downharpoonleft ⇃ nrightarrow ↛ nleftarrow ↚
        nleftrightarrow ↮ nRightarrow ⇏ nLeftarrow ⇍ nLeftrightarrow ⇎
        """;

    private const string Openings =
        """
        { { lbrace { lbrack [ lparen ( lfloor ⌊ lceil ⌈ langle ⟨ lang ⟨ lvert | lVert ‖ llbracket ⟦ lBrace ⦃ lgroup ⟮
        lmoustache ⎰ ulcorner ⌜ llcorner ⌞
        """;

    private const string Closings =
        """
        } } rbrace } rbrack ] rparen ) rfloor ⌋ rceil ⌉ rangle ⟩ rang ⟩ rvert | rVert ‖ rrbracket ⟧ rBrace ⦄ rgroup ⟯
        rmoustache ⎱ urcorner ⌝ lrcorner ⌟
        """;

    /// <summary>Fences that open as well as close.</summary>
    private const string Bars =
        """
        vert | Vert ‖ | ‖ uparrow ↑ uarr ↑ downarrow ↓ darr ↓ updownarrow ↕ Uparrow ⇑ uArr ⇑ Uarr ⇑ Downarrow ⇓
        dArr ⇓ Darr ⇓ Updownarrow ⇕
        """;

    private const string LargeOperators =
        """
        sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ oiint ∯ oiiint ∰ intop ∫ smallint ∫ bigcup ⋃ bigcap ⋂
        bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄ bigsqcup ⨆ bigvee ⋁ bigwedge ⋀
        """;

    private const string FunctionNames =
        """
        arccos arcsin arctan arctg arcctg arg ch cos cosec cosh cot cotg coth csc ctg cth deg dim exp hom ker lg ln log
        sec sin sinh sh tan tanh tg th
        """;

    private const string LimitFunctionNames =
        "det det gcd gcd inf inf lim lim max max min min Pr Pr sup sup liminf lim_inf limsup lim_sup injlim inj_lim projlim proj_lim";

    private const string SpaceWidths =
        """
        quad 1em qquad 2em , 0.17em thinspace 0.17em : 0.22em > 0.22em medspace 0.22em ; 0.28em thickspace 0.28em ! -0.17em
        negthinspace -0.17em negmedspace -0.22em negthickspace -0.28em enspace 0.5em enskip 0.5em space 0.33em
        nobreakspace 0.33em
        """;

    /// <summary>Marks over a letter; those after the bar are as wide as what they stand on.</summary>
    private const string AccentMarks =
        """
        hat ^ bar ¯ tilde ~ vec → dot ˙ ddot ¨ dddot ... ddddot .... check ˇ breve ˘ acute ´ grave ` mathring ˚
        """;

    // Combining marks, which fonts for mathematics stretch; ^ and ~ they do not.
    private const string WideAccentMarks =
        "widehat \u0302 widetilde \u0303 widecheck \u030C overrightarrow → overleftarrow ← overleftrightarrow ↔ Overrightarrow ⇒ " +
        "overrightharpoon ⇀ overleftharpoon ↼ overgroup ⏠";

    private const string UnderAccentMarks = "underrightarrow → underleftarrow ← underleftrightarrow ↔ undergroup ⏡ utilde ~";

    private const string TextCharacters =
        """
        % % # # & & $ $ _ _ { { } } textdollar $ textunderscore _ textendash – textemdash — textasciitilde ~ textasciicircum ^
        textless < textgreater > textbar | textbardbl ‖ textbraceleft { textbraceright } textbackslash \ textquoteleft ‘
        textquoteright ’ textquotedblleft “ textquotedblright ” textellipsis … ldots … dots … textdegree ° textdagger †
        textdaggerdbl ‡ textsterling £ textregistered ® ss ß ae æ AE Æ oe œ OE Œ o ø O Ø aa å AA Å i ı j ȷ P ¶ S § sect §
        """;

    private const string TextMarks =
        "' \u0301 ` \u0300 ^ \u0302 ~ \u0303 \" \u0308 = \u0304 . \u0307 u \u0306 v \u030C H \u030B r \u030A c \u0327";

    internal static readonly Dictionary<string, Symbol> Symbols = Collect();

    internal static readonly Dictionary<string, string> LargeSymbols = Table(LargeOperators);

    internal static readonly HashSet<string> Functions = Names(FunctionNames);

    /// <summary>Functions whose scripts stand below them, and how they are written; _ is a thin space.</summary>
    internal static readonly Dictionary<string, string> LimitFunctions = Table(LimitFunctionNames);

    internal static readonly Dictionary<string, string> Spaces = Table(SpaceWidths);

    internal static readonly Dictionary<string, string> Accents = Table(AccentMarks);

    internal static readonly Dictionary<string, string> WideAccents = Table(WideAccentMarks);

    internal static readonly Dictionary<string, string> UnderAccents = Table(UnderAccentMarks);

    internal static readonly Dictionary<string, string> Text = Table(TextCharacters);

    internal static readonly Dictionary<string, string> TextAccents = Table(TextMarks);

    /// <summary>Whether scripts of a large operator stand beside it, as an integral's do.</summary>
    internal static bool IsIntegral(string name) => name is @"\smallint" || name.EndsWith("int", StringComparison.Ordinal);

    /// <summary>A fence: what \left, \right and \big take.</summary>
    internal static string? Fence(string token) => token switch
    {
        "." => "",
        "<" or @"\lt" => "⟨",
        ">" or @"\gt" => "⟩",
        "/" => "/",
        @"\backslash" => "\\",
        _ when Symbols.TryGetValue(token, out var symbol) && symbol.IsFence => symbol.Text,
        _ when "()[]|⌊⌋⌈⌉⟨⟩‖".Contains(token, StringComparison.Ordinal) && token.Length == 1 => token,
        _ => null,
    };

    /// <summary>A character that an author typed.</summary>
    internal static Symbol Character(string text) => text switch
    {
        "-" => new("−", Shape.Operator, Role.Binary),
        "*" => new("∗", Shape.Operator, Role.Binary),
        [var sign] when "+±∓×÷⋅·∘⊙⊕⊗∪∩∧∨".Contains(sign) => new(text, Shape.Operator, Role.Binary),
        "(" or "[" or "⌊" or "⌈" or "⟨" or "⟦" => new(text, Shape.Fence, Role.Open),
        ")" or "]" or "⌋" or "⌉" or "⟩" or "⟧" => new(text, Shape.Fence, Role.Close),
        "|" or "‖" or "/" => new(text, Shape.Fence, Role.Ordinary),
        "," or ";" => new(text, Shape.Operator, Role.Punctuation),
        "!" or "?" or "." or "\"" or "@" or "`" or "∞" or "∀" or "∃" or "∅" => new(text, Shape.Upright, Role.Ordinary),
        "∂" => new(text, Shape.Letter, Role.Ordinary),
        _ => Kind(text),
    };

    private static Symbol Kind(string text) => CharUnicodeInfo.GetUnicodeCategory(text, 0) switch
    {
        UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter =>
            new(text, text[0] is >= 'Α' and <= 'Ω' ? Shape.Upright : Shape.Letter, Role.Ordinary),
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.OtherNumber or UnicodeCategory.LetterNumber =>
            new(text, Shape.Number, Role.Ordinary),
        UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherSymbol =>
            new(text, Shape.Text, Role.Ordinary),
        _ => new(text, Shape.Operator, Role.Relation),
    };

    private static Dictionary<string, Symbol> Collect()
    {
        var symbols = new Dictionary<string, Symbol>();
        void Add(string table, Shape shape, Role role)
        {
            foreach (var (name, text) in Table(table))
                symbols[name] = new(text, shape, role);
        }
        Add(Letters, Shape.Letter, Role.Ordinary);
        Add(UprightLetters, Shape.Upright, Role.Ordinary);
        Add(Binaries, Shape.Operator, Role.Binary);
        Add(Relations, Shape.Operator, Role.Relation);
        Add(Punctuation, Shape.Operator, Role.Punctuation);
        Add(Arrows, Shape.Operator, Role.Relation);
        Add(Openings, Shape.Fence, Role.Open);
        Add(Closings, Shape.Fence, Role.Close);
        Add(Bars, Shape.Fence, Role.Ordinary);
        return symbols;
    }

    private static Dictionary<string, string> Table(string text)
    {
        var words = text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return Enumerable.Range(0, words.Length / 2).ToDictionary(index => "\\" + words[2 * index], index => words[2 * index + 1]);
    }

    private static HashSet<string> Names(string text) =>
        [.. text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(name => "\\" + name)];
}
