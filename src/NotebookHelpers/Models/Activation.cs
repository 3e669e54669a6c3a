namespace NotebookHelpers;

/// <summary>What bends the values between layers.</summary>
public enum Activation
{
    /// <summary>Scaled exponential linear unit (Klambauer et al. 2017): the article's.</summary>
    Selu,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x·Φ(x), with the normal distribution's Φ (Hendrycks and Gimpel 2016).</summary>
    Gelu,

    /// <summary>x·sigmoid(x).</summary>
    Silu,

    /// <summary>The hyperbolic tangent, the activation of 1998.</summary>
    Tanh,
}
