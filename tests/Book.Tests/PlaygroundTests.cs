using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using NotebookHelpers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Layers = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Book.Tests;

/// <summary>The network in the page computes what torch computes, and answers to whoever draws.</summary>
public sealed partial class PlaygroundTests(Browser browser)
{
    private static readonly DigitData Digits;

    // Before anything of torch is used.
    static PlaygroundTests()
    {
        Workbook.Start();
        set_num_threads(1);
        Digits = SampleDigits.Load();
    }

    public static TheoryData<string> Networks => ["corrected", "both bugs", "normalised, ReLU", "of five", "sequential", "8 bits"];

    [Theory, MemberData(nameof(Networks))]
    public async Task The_page_computes_torchs_logits(string name)
    {
        using var model = Network(name);
        var digits = Digits.Test.Take(256);
        var expected = Logits(model, digits);
        await using var open = await OpenAsync(name, One(model, name == "8 bits" ? 8 : 16));

        var found = await LogitsInThePage(open.Page, digits);

        var scale = expected.Max(logits => logits.Max(Math.Abs));
        var tolerance = name == "8 bits" ? 0.02 : 1e-3;
        for (var i = 0; i < digits.Count; i++)
            for (var digit = 0; digit < 10; digit++)
                Assert.Equal(expected[i][digit], found[i][digit], tolerance * scale);
        Assert.Empty(open.Troubles);
    }

    public static TheoryData<string> OfTheLesson => ["corrected", "both bugs", "mirrored"];

    [Theory, MemberData(nameof(OfTheLesson))]
    public async Task The_lessons_bits_keep_every_class_and_the_page_small(string name)
    {
        using var model = Trained(name);
        var digits = Digits.Test.Take(256);
        var entry = new PlaygroundModel("trained", model);
        var view = new PlaygroundView("Draw", digits.Take(10), entry);
        await using var open = await OpenAsync($"ten {name}", view);

        var effect = entry.Rounding(digits);
        var weights = Base64().Matches(view.ToHtml()).Sum(match => match.Length);
        var (change, changed) = Changes(Logits(model, digits), await LogitsInThePage(open.Page, digits));

        Say($"{name}: {changed} of {digits.Count} classes changed, {change:E2} of the largest logit, {weights:#,0} bytes of weights");
        Assert.InRange(change, 0, 1e-3);
        Assert.Equal(effect.LargestChange, change, 1e-5);
        Assert.Equal(effect.ChangedAnswers, changed);
        // A digit for which two classes are all but equal may go either way; after so short a training there may be one.
        Assert.InRange(changed, 0, 1);
        Assert.InRange(weights, 1, 400_000);
    }

    [Fact]
    public async Task The_networks_that_the_lesson_trained_compute_torchs_logits()
    {
        await using var open = await browser.OpenAsync("playground.html");
        var figure = open.Page.Locator("figure.convnet-playground");
        await Assertions.Expect(figure.Locator(".cp-answer")).ToContainTextAsync("It reads:");
        var networks = JsonNode.Parse((await figure.Locator("script[type='application/json']").TextContentAsync())!)!["models"]!.AsArray();
        var digits = Digits.Test.Take(256);

        Assert.Equal(3, networks.Count);
        foreach (var (index, network) in networks.Index())
        {
            await figure.Locator("select").SelectOptionAsync(new SelectOptionValue { Index = index });
            using var model = PageNetwork.ToTorch(network!["layers"]!.AsArray());
            var (change, changed) = Changes(Logits(model, digits), await LogitsInThePage(open.Page, digits));
            var weights = Base64().Matches(network.ToJsonString()).Sum(match => match.Length);

            Say($"{network["name"]}: {change:E2} of the largest logit, {weights:#,0} bytes of weights");
            Assert.InRange(change, 0, 1e-5);
            Assert.Equal(0, changed);
            Assert.InRange(weights, 1, 400_000);
        }
        Assert.Empty(open.Troubles);
    }

    [Fact]
    public async Task A_drawing_is_centred_by_its_mass_and_read_at_once()
    {
        using var model = Network("corrected");
        PlaygroundModel[] models = [new("one", model), new("two", model, 8)];
        await using var open = await OpenAsync("draw", new PlaygroundView("Draw", Digits.Test.Take(3), models));
        var view = open.Page.Locator("figure");

        await view.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Assertions.Expect(view.Locator(".cp-answer")).ToContainTextAsync("Draw a digit");
        var pad = (await view.Locator(".cp-sheet > canvas").BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(pad.X + 40, pad.Y + 30);
        await open.Page.Mouse.DownAsync();
        await open.Page.Mouse.MoveAsync(pad.X + 60, pad.Y + 140, new() { Steps = 8 });
        await open.Page.Mouse.MoveAsync(pad.X + 45, pad.Y + 160, new() { Steps = 4 });
        await open.Page.Mouse.UpAsync();

        await Assertions.Expect(view.Locator(".cp-answer")).ToContainTextAsync("It reads:");
        var (x, y, height) = await Seen(open.Page);
        Assert.Equal(14, x, 0.3);
        Assert.Equal(14, y, 0.3);
        Assert.InRange(height, 19, 21);
        Assert.Empty(open.Troubles);
    }

    [Fact]
    public async Task The_keyboard_draws_too()
    {
        using var model = Network("corrected");
        await using var open = await OpenAsync("keys", One(model));
        var pad = open.Page.Locator(".cp-sheet > canvas");

        await pad.FocusAsync();
        const string Keys = "Delete ArrowUp ArrowUp ArrowUp Space ArrowDown ArrowDown ArrowDown ArrowDown Space ArrowRight";
        foreach (var key in Keys.Split(' '))
            await pad.PressAsync(key);

        await Assertions.Expect(open.Page.Locator(".cp-answer")).ToContainTextAsync("It reads:");
        await Assertions.Expect(open.Page.Locator(".cp-words")).ToHaveTextAsync("pen up at column 15, row 15 of 28");
        Assert.InRange((await Seen(open.Page)).Y, 13.7, 14.3);
    }

    [Fact]
    public async Task Pointing_at_a_value_tells_its_sum()
    {
        using var model = Network("corrected");
        await using var open = await OpenAsync("point", One(model));

        foreach (var (strip, start) in new[] { (0, "conv1, map 0, row 1"), (1, "the largest of 3×3 values ="), (4, "fc1, value") })
        {
            await open.Page.Locator(".cp-strip").Nth(strip).Locator("canvas").First.HoverAsync();
            await Assertions.Expect(open.Page.Locator(".cp-words")).ToContainTextAsync(start);
        }
        // The terms shown, the rest and the bias add up to the value, but for the rounding of each.
        var words = (await open.Page.Locator(".cp-words").InnerTextAsync()).Replace('−', '-');
        var sides = words[(words.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(" = ");
        var sum = Regex.Replace(sides[0], "from [0-9]+ smaller terms|bias|[()]", "").Split(" + ")
            .Sum(term => term.Split('·').Select(Number).Aggregate((a, b) => a * b));
        Assert.Equal(double.Parse(sides[1], System.Globalization.CultureInfo.InvariantCulture), sum, 0.02);
    }

    [Fact]
    public async Task A_values_window_is_framed_in_the_maps_that_it_was_made_of()
    {
        using var model = Network("corrected");
        await using var open = await OpenAsync("window", One(model));
        var conv2 = open.Page.Locator(".cp-strip").Nth(2).Locator("[role=application]");

        await conv2.FocusAsync();
        foreach (var key in new[] { "PageDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp" })
            await conv2.PressAsync(key);

        await Assertions.Expect(open.Page.Locator(".cp-words")).ToContainTextAsync("conv2, map 1, row 0, column 2: ");
        Assert.Equal(1, await conv2.Locator(".cp-mark").CountAsync());
        // conv2 pads by one: the window of row 0 and column 2 has rows 0 and 1, columns 1 to 3 of each of pool1's 12 maps of 13×13.
        var frames = await open.Page.Locator(".cp-strip").Nth(1).Locator(".cp-mark").EvaluateAllAsync<string[]>(
            """
            marks => marks.map(mark =>
                ["top", "left", "height", "width"].map(side => Math.round(parseFloat(mark.style[side]) * 0.13)).join())
            """);
        Assert.Equal(Enumerable.Repeat("0,1,2,3", 12), frames);
        Assert.Empty(open.Troubles);
    }

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task Maps_are_as_light_or_dark_as_the_page_and_digits_are_ink_on_paper(ColorScheme colors)
    {
        using var model = Network("corrected");
        await using var open = await OpenAsync("scheme", One(model), colors: colors);

        // conv1 has no bias here, so its value at a corner of the paper is 0: nothing covers the page's colour there.
        Assert.Equal(0, (await Corner(".cp-strip canvas"))[3]);
        Assert.Equal(255, (await Corner(".cp-seen canvas"))[0]);
        var result = await open.Page.RunAxe();
        Assert.Empty(result.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));

        Task<int[]> Corner(string canvas) => open.Page.EvaluateAsync<int[]>(
            "canvas => [...document.querySelector(canvas).getContext('2d').getImageData(0, 0, 1, 1).data]", canvas);
    }

    [Fact]
    public async Task It_learns_what_the_reader_says_and_forgets_it_again()
    {
        using var model = Network("corrected");
        await using var open = await OpenAsync("learn", One(model));
        var view = open.Page.Locator("figure");
        var before = await view.Locator(".cp-answer").InnerTextAsync();
        var other = before.Contains("reads: 3") ? "4" : "3";

        await view.Locator(".cp-teach").GetByRole(AriaRole.Button, new() { Name = other, Exact = true }).ClickAsync();
        await Assertions.Expect(view.Locator(".cp-answer")).ToContainTextAsync($"It reads: {other}");
        var losses = Regex.Matches(await view.Locator(".cp-words").InnerTextAsync(), "[0-9]+\\.[0-9]+").Select(loss =>
            double.Parse(loss.Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.True(losses[1] < losses[0] / 2, string.Join(" to ", losses));

        await view.GetByRole(AriaRole.Button, new() { Name = "Forget it" }).ClickAsync();
        await Assertions.Expect(view.Locator(".cp-answer")).ToHaveTextAsync(before);
    }

    [Theory, InlineData("corrected"), InlineData("both bugs")]
    public async Task Steps_of_learning_are_torchs_gradient_descent(string name)
    {
        using var model = Trained(name);
        await using var open = await OpenAsync($"steps {name}", One(model, bits: 16));
        var right = (Digits.Test.Label(0) + 1) % 10;

        await open.Page.Locator(".cp-teach").GetByRole(AriaRole.Button, new() { Name = $"{right}", Exact = true }).ClickAsync();

        var shown = Regex.Matches(await open.Page.Locator(".cp-words").InnerTextAsync(), "[0-9]+(\\.[0-9]+)?")
            .Select(loss => double.Parse(loss.Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var losses = Taught((LeNet)model, right);
        Assert.Equal(losses[0], shown[0], 0.02);
        Assert.Equal(losses[1], shown[1], 0.02);
    }

    [Fact]
    public async Task Without_script_a_picture_stays()
    {
        using var model = Network("corrected");
        await using var open = await OpenAsync("still", One(model), script: false);

        Assert.True(await open.Page.Locator("figure > img").IsVisibleAsync());
        Assert.Equal(0, await open.Page.Locator("canvas, button, input").CountAsync());
    }

    /// <summary>The loss before and after ten steps on the output layer by torch's gradients, each as long as the page's.</summary>
    private static double[] Taught(LeNet model, int right)
    {
        using var scope = NewDisposeScope();
        var image = tensor(Array.ConvertAll(Digits.Test.Pixels(0), pixel => pixel / 255f)).reshape(1, 1, 28, 28);
        var target = tensor([(long)right]);
        var length = 0f;     // of a step: as long as the layer's input asks for
        model.output.register_forward_pre_hook((_, x) =>
        {
            length = 1 / (1 + x.detach().square().sum().item<float>());
            return x;
        });
        double[] losses = [Loss(), 0];
        for (var step = 0; step < 10; step++)
        {
            model.zero_grad();
            functional.cross_entropy(model.call(image), target).backward();
            using var gradients = no_grad();
            foreach (var weights in model.output.parameters())
                weights.sub_(weights.grad! * length);
        }
        losses[1] = Loss();
        return losses;

        double Loss() => functional.cross_entropy(model.call(image), target).item<float>();
    }

    /// <summary>Where the mass of the digit lies that the network sees, and how high it is.</summary>
    private static async Task<(double X, double Y, double Height)> Seen(IPage page)
    {
        var seen = await page.EvaluateAsync<double[]>(
            """
            () => {
              const data = document.querySelector('.cp-seen canvas').getContext('2d').getImageData(0, 0, 28, 28).data;
              let sum = 0, x = 0, y = 0, top = 28, bottom = -1;
              for (let i = 0; i < 784; i++) {
                const ink = 255 - data[i * 4];
                sum += ink; x += ink * (i % 28 + 0.5); y += ink * (Math.floor(i / 28) + 0.5);
                if (ink > 40) { top = Math.min(top, Math.floor(i / 28)); bottom = Math.max(bottom, Math.floor(i / 28)); }
              }
              return [x / sum, y / sum, bottom - top + 1];
            }
            """);
        return (seen[0], seen[1], seen[2]);
    }

    private Task<OpenPage> OpenAsync(string name, PlaygroundView view, bool script = true, ColorScheme colors = ColorScheme.Light)
    {
        var file = Path.Combine(Browser.Root, "artifacts", "tests", "playground", name.Replace(' ', '-').Replace(",", "") + ".html");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">" +
            "<meta name=\"color-scheme\" content=\"light dark\">" +
            $"<link rel=\"icon\" href=\"data:,\"><title>{name}</title>{view.ToHtml()}");
        return browser.OpenAsync(file, colors, script: script);
    }

    private static PlaygroundView One(Layers model, int bits = 10) =>
        new("Draw", Digits.Test.Take(1), new PlaygroundModel("one", model, bits));

    private static void Say(string numbers) => TestContext.Current.TestOutputHelper?.WriteLine(numbers);

    private static double Number(string text) => double.Parse(text.Trim(), System.Globalization.CultureInfo.InvariantCulture);

    private static Layers Network(string name)
    {
        manual_seed(7);
        Layers model = name switch
        {
            "corrected" or "8 bits" => new LeNet(),
            "both bugs" => new LeNet(LeNetOptions.AsPublished),
            "normalised, ReLU" => new LeNet(new LeNetOptions
            {
                BatchNormalization = true,
                Dropout = 0.5,
                Activation = Activation.Relu,
                ActivateMaps = true,
            }),
            "of five" => new LeNet(new LeNetOptions { Kernel = 5, Filters1 = 6, Activation = Activation.Tanh }),
            _ => Sequential(
                ("first", Conv2d(1, 4, 5, stride: 2, padding: 1)), ("silu", SiLU()), ("pool", MaxPool2d(2)),
                ("flatten", Flatten()), ("last", Linear(4 * 6 * 6, 10))),
        };
        using var gradients = no_grad();
        foreach (var buffer in model.named_buffers().Where(buffer => Regex.IsMatch(buffer.name, "running_(mean|var)$")))
            buffer.buffer.uniform_(0.5, 1.5);   // as after a training: not 0 and 1
        model.eval();
        return model;
    }

    private static Layers Trained(string name)
    {
        manual_seed(7);
        var model = new LeNet(name == "both bugs" ? LeNetOptions.AsPublished : LeNetOptions.Corrected);
        var digits = name == "mirrored" ? Digits.Train.Take(2_000).Augmented(Augmentation.FlipHorizontal) : Digits.Train.Take(4_000);
        new Trainer(model, new TrainerOptions { Epochs = 1, Seed = 7 }).Fit(digits);
        model.eval();
        return model;
    }

    private static Task<float[][]> LogitsInThePage(IPage page, DigitSet digits) => page.EvaluateAsync<float[][]>(
        """
        digits => digits.map(pixels =>
            [...document.querySelector("figure.convnet-playground").network(pixels.map(pixel => pixel / 255))])
        """,
        Enumerable.Range(0, digits.Count).Select(i => Array.ConvertAll(digits.Pixels(i), pixel => (int)pixel)).ToArray());

    /// <summary>The largest change of a logit as a part of the largest logit, and how many digits are read as another class.</summary>
    private static (double Largest, int Classes) Changes(float[][] expected, float[][] found)
    {
        var largest = expected.Zip(found, (one, other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max()).Max();
        var classes = expected.Zip(found).Count(pair => Class(pair.First) != Class(pair.Second));
        return (largest / expected.Max(logits => logits.Max(Math.Abs)), classes);

        static int Class(float[] logits) => Array.IndexOf(logits, logits.Max());
    }

    private static float[][] Logits(Layers model, DigitSet digits)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var pixels = Enumerable.Range(0, digits.Count).SelectMany(digits.Pixels).Select(pixel => pixel / 255f).ToArray();
        return [.. model.call(tensor(pixels).reshape(digits.Count, 1, 28, 28)).data<float>().ToArray().Chunk(10)];
    }

    [GeneratedRegex("[A-Za-z0-9_-]{300,}")]
    private static partial Regex Base64();
}
