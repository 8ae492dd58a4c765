package org.scout4j.backend.scalar;

/** The error function in double, by its series and its continued fraction. */
final class ErrorFunction {
    /** From here on the fraction converges fast, and {@code 1 - erf} would lose digits. */
    private static final double FRACTION_FROM = 2;

    private static final int FRACTION_TERMS = 120;

    private ErrorFunction() {}

    /**
     * {@code erfc(x) = 1 - erf(x)} with a relative error below 1e-13 as far as doubles reach.
     *
     * <p>Abramowitz and Stegun, Handbook of Mathematical Functions: 7.1.6 for small x, 7.1.14 for
     * large.
     */
    static double complement(double x) {
        if (x < 0) {
            return 2 - complement(-x);
        }
        return x < FRACTION_FROM ? 1 - series(x) : fraction(x);
    }

    /** {@code 2/√π exp(-x²) Σ 2ⁿ x²ⁿ⁺¹ / (1·3···(2n+1))}: all terms positive. */
    private static double series(double x) {
        double term = x;
        double sum = 0;
        for (int n = 1; sum + term != sum; n++) {
            sum += term;
            term *= 2 * x * x / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** {@code exp(-x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + 2/(x + …)))))}. NaN falls through. */
    private static double fraction(double x) {
        double denominator = x;
        for (int n = FRACTION_TERMS; n > 0; n--) {
            denominator = x + n / 2.0 / denominator;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / denominator;
    }
}
