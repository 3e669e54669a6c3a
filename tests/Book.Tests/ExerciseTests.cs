using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Book.Tests;

/// <summary>Exercises that are answered in the page: all ways to write what is right, and what is likely wrong.</summary>
public sealed class ExerciseTests(Browser browser)
{
    private const string Text = """
        # Exercises

        **1.** A number?

        <details><summary>Solution</summary>

        It is $1/25 = 0.04$.

        </details>

        **2.** A size and a number of zeros?

        <details><summary>Solution</summary>

        1,024 and 2.

        </details>

        **3.** True or false?

        - a list that belongs to it

        <details><summary>Solution</summary>

        False.

        </details>

        **4.** Write a function.

        **5.** A negative one?

        -7
        """;

    private const string Answers = """
        { "1": { "answer": 0.04, "within": 0.001 }, "2": { "answer": [1024, 2] },
          "3": { "answer": "false", "choices": ["true", "false", "\"><b>"] },
          "5": { "answer": -7 }, "6": { "answer": 1 }, "4": { "answer": "bad" } }
        """;

    [Theory]
    [InlineData(1, "0.04", true), InlineData(1, "1/25", true), InlineData(1, " .04 ", true), InlineData(1, "4e-2", true)]
    [InlineData(1, "4 %", true)]
    [InlineData(1, "0,04", true), InlineData(1, "0.0405", true), InlineData(1, "+0.04", true)]
    [InlineData(1, "0.4", false), InlineData(1, "25", false), InlineData(1, "0.042", false), InlineData(1, "-0.04", false)]
    [InlineData(1, "4", false)]
    [InlineData(2, "1024 2", true), InlineData(2, "(1024, 2)", true), InlineData(2, "1,024 and 2", true), InlineData(2, "1024,2", true)]
    [InlineData(2, "1024 × 2", true)]
    [InlineData(2, "2 1024", false), InlineData(2, "1024 3", false), InlineData(2, "1.024 2", false)]
    [InlineData(5, "-7", true), InlineData(5, "−7", true), InlineData(5, "-14/2", true), InlineData(5, "7", false)]
    [InlineData(5, "-7.1", false)]
    public async Task A_number_is_right_however_it_is_written(int exercise, string entered, bool isRight)
    {
        await using var open = await OpenAsync();
        var form = Form(open.Page, exercise);
        await form.GetByRole(AriaRole.Textbox).FillAsync(entered);
        await open.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(form.GetByRole(AriaRole.Status)).ToHaveTextAsync(isRight ? "Right." : "Not yet: look again.");
        Assert.Empty(open.Troubles);
    }

    [Theory]
    [InlineData(1, ""), InlineData(1, "four"), InlineData(1, "1 2"), InlineData(2, "1024"), InlineData(2, "1 2 3"), InlineData(5, "1/0")]
    public async Task What_is_no_number_is_told_so(int exercise, string entered)
    {
        await using var open = await OpenAsync();
        var form = Form(open.Page, exercise);
        await form.GetByRole(AriaRole.Textbox).FillAsync(entered);
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(form.GetByRole(AriaRole.Status)).ToContainTextAsync("expected, such as");
    }

    [Fact]
    public async Task A_choice_is_made_by_keyboard_and_the_verdict_goes_when_it_changes()
    {
        await using var open = await OpenAsync();
        var form = Form(open.Page, 3);
        Assert.Equal(["true", "false", "\"><b>"], (await form.Locator("label").AllInnerTextsAsync()).Select(text => text.Trim()));
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(form.GetByRole(AriaRole.Status)).ToHaveTextAsync("Choose one.");
        await form.GetByRole(AriaRole.Radio).First.FocusAsync();
        await open.Page.Keyboard.PressAsync("Space");
        await open.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(form.GetByRole(AriaRole.Status)).ToHaveTextAsync("Not yet: look again.");
        await open.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(form.GetByRole(AriaRole.Status)).ToHaveTextAsync("");
        await open.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(form.GetByRole(AriaRole.Status)).ToHaveTextAsync("Right.");
    }

    [Fact]
    public async Task A_form_stands_between_an_exercise_and_its_solution_and_tells_nothing()
    {
        await using var open = await OpenAsync();
        Assert.Equal(4, await open.Page.Locator("form").CountAsync());
        Assert.Equal(["1", "2", "3"], await open.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('main details')]
              .map(details => details.previousElementSibling.querySelector('form').dataset.salt.split('/')[1])
            """));
        Assert.DoesNotContain("0.04", await Form(open.Page, 1).EvaluateAsync<string>("form => form.outerHTML"));
        Assert.DoesNotContain("1024", await Form(open.Page, 2).EvaluateAsync<string>("form => form.outerHTML"));
    }

    [Fact]
    public async Task Without_scripts_there_is_no_form()
    {
        await using var open = await OpenAsync(script: false);
        Assert.True(await open.Page.GetByText("A number?").IsVisibleAsync());
        Assert.False(await open.Page.Locator("form").First.IsVisibleAsync());
    }

    /// <summary>In the lessons: what the metadata calls right is, and other numbers and choices are not.</summary>
    [Fact]
    public async Task The_lessons_answers_are_right_and_others_are_not()
    {
        var tried = 0;
        foreach (var lesson in Browser.Lessons)
        {
            var notebook = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Browser.Root, "notebooks", lesson + ".ipynb")))!;
            var answers = notebook["cells"]!.AsArray().SelectMany(cell => cell!["metadata"]?["answers"] as JsonObject ?? []).ToList();
            if (answers.Count == 0)
                continue;
            await using var open = await browser.OpenAsync(lesson + ".html");
            foreach (var (exercise, answer) in answers)
            {
                var form = open.Page.Locator($"form[data-salt$='/{exercise}']");
                tried++;
                if (answer!["choices"] is JsonArray choices)
                    foreach (var choice in choices.Select(choice => (string)choice!))
                    {
                        var isRight = choice == (string)answer["answer"]!;
                        await Enter(form, isRight, () => form.GetByLabel(choice, new() { Exact = true }).CheckAsync());
                    }
                else
                {
                    double[] right = answer["answer"] is JsonArray several
                        ? [.. several.Select(number => (double)number!)]
                        : [(double)answer["answer"]!];
                    var off = 3 * ((double?)answer["within"] ?? 0.5);
                    (double[], bool)[] entries =
                    [
                        (right, true), ([.. right.Select(number => number + off)], false), ([.. right[..^1], right[^1] - off], false),
                    ];
                    foreach (var (numbers, isRight) in entries)
                        await Enter(form, isRight, () => form.GetByRole(AriaRole.Textbox).FillAsync(
                            string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))));
                }
            }
            Assert.Empty(open.Troubles);
        }
        Assert.True(tried > 0, "No lesson has an exercise that is answered in the page.");
    }

    private static async Task Enter(ILocator form, bool isRight, Func<Task> enter)
    {
        await enter();
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(form.GetByRole(AriaRole.Status)).ToHaveTextAsync(isRight ? "Right." : "Not yet: look again.");
    }

    private static ILocator Form(IPage page, int exercise) => page.Locator($"form[data-salt$='/{exercise}']");

    private static readonly Lazy<Task<string>> Book = new(async () =>
    {
        var folder = Directory.CreateDirectory(Path.Combine(Browser.Root, "artifacts", "tests", "exercises")).FullName;
        var cell = NotebookJson.Markdown(Text);
        cell["metadata"] = new JsonObject { ["answers"] = JsonNode.Parse(Answers) };
        var file = NotebookJson.Write(Path.Combine(folder, "exercises.ipynb"), cell);
        await Browser.MakeBookAsync(Path.Combine(folder, "book"), file);
        return Path.Combine(folder, "book", "exercises.html");
    });

    private async Task<OpenPage> OpenAsync(bool script = true) => await browser.OpenAsync(await Book.Value, script: script);
}
