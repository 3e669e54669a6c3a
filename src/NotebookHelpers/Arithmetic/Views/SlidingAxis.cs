namespace NotebookHelpers;

/// <summary>A window along one axis of its input: where it stands, and what it leaves out.</summary>
internal sealed record SlidingAxis(int Input, int Kernel, LayerWindow Window)
{
    internal bool IsSame => Window.Padding == Pad.Same;

    internal int Span => Window.Dilation * (Kernel - 1) + 1;

    internal int Before => Window.Padding.Along(Input, Span, Window.Stride).Before;

    internal int After => Window.Padding.Along(Input, Span, Window.Stride).After;

    internal int Padded => Input + Before + After;

    /// <summary>Places for the window; 0 if there is none.</summary>
    internal int Size => Padded < Span ? 0 : Window.Padding.OutputSize(Input, Span, Window.Stride);

    /// <summary>Cells of the input that no window reads.</summary>
    internal int[] Unread
    {
        get
        {
            var read = Enumerable.Range(0, Size)
                .SelectMany(place => Enumerable.Range(0, Kernel).Select(cell => First(place) + cell * Window.Dilation)).ToHashSet();
            return [.. Enumerable.Range(0, Input).Where(cell => !read.Contains(cell))];
        }
    }

    internal bool OnlyPadding => Before >= Span;

    internal bool IsTooMuchForPooling => !IsSame && 2 * Before > Span;

    /// <summary>The input's cell that the window begins at; negative inside the padding.</summary>
    internal int First(int place) => place * Window.Stride - Before;

    /// <summary>What the sentences about an axis say, by name.</summary>
    internal Dictionary<string, object> Values(string name)
    {
        var room = Padded - Span;
        var steps = (int)Math.Floor((double)room / Window.Stride);
        return new()
        {
            ["name"] = name,
            ["n"] = Input,
            ["k"] = Kernel,
            ["s"] = Window.Stride,
            ["d"] = Window.Dilation,
            ["span"] = Span,
            ["total"] = Before + After,
            ["before"] = Before,
            ["after"] = After,
            ["padded"] = Padded,
            ["room"] = room,
            ["steps"] = steps,
            ["places"] = steps + 1,
            ["dilated"] = Window.Dilation > 1,
            ["same"] = IsSame,
            ["fixed"] = !IsSame,
            ["impossible"] = Size == 0,
        };
    }

    /// <summary>The cells under the window in words, such as: rows 0 to 2.</summary>
    internal string Cells(string name, int place) => Sentence.Of("cells", new Dictionary<string, object>
    {
        ["name"] = name,
        ["first"] = First(place),
        ["last"] = First(place) + Span - 1,
        ["d"] = Window.Dilation,
        ["single"] = Kernel == 1,
        ["close"] = Kernel > 1 && Window.Dilation == 1,
        ["apart"] = Kernel > 1 && Window.Dilation > 1,
    }).Single();
}
