using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NotebookHelpers;

/// <summary>
/// The few things that the loops of the pooled convolution do with a vector of floats, one lane a filter. The loops
/// are written once over this; the compiler makes machine code of its own for each kind of vector, with nothing left of the interface.
/// </summary>
/// <typeparam name="TVector">A vector of floats.</typeparam>
internal interface ILanes<TVector>
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector All(float value);

    static abstract TVector Load(ref float from);

    static abstract void Store(TVector values, ref float to);

    static abstract TVector Add(TVector left, TVector right);

    /// <summary>factors · factor + sum, lane by lane.</summary>
    static abstract TVector MultiplyAdd(TVector factors, float factor, TVector sum);

    /// <summary>Where the candidate is larger, or is no number, it takes the largest value's stead, and its place the place's.</summary>
    static abstract void TakeLarger(TVector candidate, TVector place, ref TVector largest, ref TVector largestPlace);

    /// <summary>Writes small whole numbers as one byte each.</summary>
    static abstract void StoreBytes(TVector places, ref byte to);
}

/// <summary>Sixteen floats: AVX-512.</summary>
internal readonly struct Lanes512 : ILanes<Vector512<float>>
{
    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> All(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref float from) => Vector512.LoadUnsafe(ref from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, ref float to) => values.StoreUnsafe(ref to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> factors, float factor, Vector512<float> sum) =>
        Vector512.FusedMultiplyAdd(factors, Vector512.Create(factor), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TakeLarger(
        Vector512<float> candidate, Vector512<float> place, ref Vector512<float> largest, ref Vector512<float> largestPlace)
    {
        var larger = Vector512.GreaterThan(candidate, largest) | ~Vector512.Equals(candidate, candidate);
        largest = Vector512.ConditionalSelect(larger, candidate, largest);
        largestPlace = Vector512.ConditionalSelect(larger, place, largestPlace);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector512<float> places, ref byte to)
    {
        var whole = Vector512.ConvertToInt32Native(places);
        (Avx512F.IsSupported
            ? Avx512F.ConvertToVector128Byte(whole)
            : Vector128.Narrow(Vector128.Narrow(whole.GetLower().GetLower(), whole.GetLower().GetUpper()),
                Vector128.Narrow(whole.GetUpper().GetLower(), whole.GetUpper().GetUpper())).AsByte()).StoreUnsafe(ref to);
    }
}

/// <summary>Eight floats: AVX2, or two vectors of four where there is no other.</summary>
internal readonly struct Lanes256 : ILanes<Vector256<float>>
{
    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> All(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ref float from) => Vector256.LoadUnsafe(ref from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> values, ref float to) => values.StoreUnsafe(ref to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> factors, float factor, Vector256<float> sum) =>
        Vector256.FusedMultiplyAdd(factors, Vector256.Create(factor), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TakeLarger(
        Vector256<float> candidate, Vector256<float> place, ref Vector256<float> largest, ref Vector256<float> largestPlace)
    {
        var larger = Vector256.GreaterThan(candidate, largest) | ~Vector256.Equals(candidate, candidate);
        largest = Vector256.ConditionalSelect(larger, candidate, largest);
        largestPlace = Vector256.ConditionalSelect(larger, place, largestPlace);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector256<float> places, ref byte to)
    {
        var whole = Vector256.ConvertToInt32Native(places);
        var narrow = Vector128.Narrow(whole.GetLower(), whole.GetUpper());
        Unsafe.WriteUnaligned(ref to, Vector128.Narrow(narrow, narrow).AsUInt64().ToScalar());
    }
}
