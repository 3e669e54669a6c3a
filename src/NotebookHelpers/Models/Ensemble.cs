using static TorchSharp.torch;

namespace NotebookHelpers;

/// <summary>
/// Networks asked together: the mean of their probabilities, on request also over the image moved by a pixel in each
/// direction. It puts out the logarithm of that mean, so that softmax gives it back.
/// </summary>
internal sealed class Ensemble : nn.Module<Tensor, Tensor>
{
    private readonly IReadOnlyList<nn.Module<Tensor, Tensor>> _members;
    private readonly bool _shifted;

    /// <param name="members">At least one, from images (batch, 1, height, width) to logits (batch, classes); the caller's.</param>
    /// <param name="shifted">Whether each is asked five times: about the image and its four shifts.</param>
    internal Ensemble(IReadOnlyList<nn.Module<Tensor, Tensor>> members, bool shifted) : base(nameof(Ensemble))
    {
        (_members, _shifted) = (members, shifted);
        for (var i = 0; i < members.Count; i++)
            register_module($"member{i + 1}", members[i]);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var images = _shifted ? Shifted(input) : [input];
        // In logarithms from end to end: probabilities below 1e-38 would be zero, and their logarithm no number.
        var answers = stack(_members.SelectMany(member => images.Select(image => nn.functional.log_softmax(member.call(image), 1))));
        return (answers.logsumexp(0) - Math.Log(answers.shape[0])).MoveToOuterDisposeScope();
    }

    // The image itself, and moved down, up, right and left.
    private static Tensor[] Shifted(Tensor input)
    {
        var padded = nn.functional.pad(input, [1, 1, 1, 1]);
        return [.. new (int Row, int Column)[] { (1, 1), (0, 1), (2, 1), (1, 0), (1, 2) }
            .Select(at => padded.narrow(2, at.Row, input.shape[2]).narrow(3, at.Column, input.shape[3]).contiguous())];
    }
}
