package org.scout4j.chat.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.template.TemplateException.Kind;

/** Python's arithmetic on whole and floating-point numbers. */
final class Numbers {
    private static final int QUOTIENT_DIGITS = 60;

    private Numbers() {}

    /** {@code repr} of a float: the shortest digits that give it back. */
    static String spell(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal decimal = shortest(value);
        String digits = decimal.unscaledValue().abs().toString();
        int exponent = digits.length() - decimal.scale() - 1;
        String sign = value < 0 ? "-" : "";
        if (exponent < -4 || exponent >= 16) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            String magnitude = String.valueOf(Math.abs(exponent));
            return sign
                    + digits.charAt(0)
                    + fraction
                    + (exponent < 0 ? "e-" : "e+")
                    + (magnitude.length() == 1 ? "0" : "")
                    + magnitude;
        }
        String plain = decimal.abs().toPlainString();
        return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
    }

    /** Java writes two digits also where one is enough. */
    private static BigDecimal shortest(double value) {
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        BigDecimal oneDigit = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
        return oneDigit.doubleValue() == value ? oneDigit : decimal;
    }

    /** A number, or a boolean as one, or null. */
    static @Nullable Value number(Value value) {
        return switch (value) {
            case Value.Int number -> number;
            case Value.Real number -> number;
            case Value.Bool(boolean bit) -> Value.of(bit ? 1 : 0);
            default -> null;
        };
    }

    static double toDouble(Value number) {
        double value =
                switch (number) {
                    case Value.Int(BigInteger whole, boolean _) -> whole.doubleValue();
                    case Value.Real(double real, String _, boolean _) -> real;
                    default -> throw new IllegalArgumentException(number.typeName());
                };
        if (number instanceof Value.Int && Double.isInfinite(value)) {
            throw TemplateException.failed("int too large to convert to float");
        }
        return value;
    }

    static boolean trusted(Value number) {
        return switch (number) {
            case Value.Int(BigInteger _, boolean trusted) -> trusted;
            case Value.Real(double _, String _, boolean trusted) -> trusted;
            default -> true;
        };
    }

    /**
     * @param operator one of {@code + - * / // % **}
     */
    static Value calculate(String operator, Value left, Value right) {
        boolean trusted = trusted(left) && trusted(right);
        if (left instanceof Value.Int(BigInteger a, boolean _)
                && right instanceof Value.Int(BigInteger b, boolean _)) {
            return whole(operator, a, b, trusted);
        }
        return Value.Real.of(real(operator, toDouble(left), toDouble(right)), trusted);
    }

    private static Value whole(String operator, BigInteger a, BigInteger b, boolean trusted) {
        return switch (operator) {
            case "+" -> whole(a.add(b), trusted);
            case "-" -> whole(a.subtract(b), trusted);
            case "*" -> whole(a.multiply(b), trusted);
            case "/" -> Value.Real.of(divide(a, b), trusted);
            case "//" -> whole(floorDivide(a, b)[0], trusted);
            case "%" -> whole(floorDivide(a, b)[1], trusted);
            case "**" -> power(a, b, trusted);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    static Value whole(BigInteger value, boolean trusted) {
        if (value.bitLength() > Budget.NUMBER_BITS) {
            throw tooLarge();
        }
        return new Value.Int(value, trusted);
    }

    private static TemplateException tooLarge() {
        return new TemplateException(
                Kind.LIMIT,
                "the template makes a number of more than " + Budget.NUMBER_BITS + " bits");
    }

    private static double divide(BigInteger a, BigInteger b) {
        if (b.signum() == 0) {
            throw TemplateException.failed("division by zero");
        }
        if (a.bitLength() <= 53 && b.bitLength() <= 53) {
            return a.doubleValue() / b.doubleValue();
        }
        MathContext precision = new MathContext(QUOTIENT_DIGITS, RoundingMode.HALF_EVEN);
        return new BigDecimal(a).divide(new BigDecimal(b), precision).doubleValue();
    }

    /** Quotient rounded down and remainder with the sign of the divisor. */
    private static BigInteger[] floorDivide(BigInteger a, BigInteger b) {
        if (b.signum() == 0) {
            throw TemplateException.failed("integer division or modulo by zero");
        }
        BigInteger[] parts = a.divideAndRemainder(b);
        if (parts[1].signum() != 0 && parts[1].signum() != b.signum()) {
            parts[0] = parts[0].subtract(BigInteger.ONE);
            parts[1] = parts[1].add(b);
        }
        return parts;
    }

    private static Value power(BigInteger base, BigInteger exponent, boolean trusted) {
        if (exponent.signum() < 0) {
            return Value.Real.of(real("**", base.doubleValue(), exponent.doubleValue()), trusted);
        }
        if (base.bitLength() <= 1 && base.signum() >= 0) {
            boolean one = base.signum() == 1 || exponent.signum() == 0;
            return new Value.Int(one ? BigInteger.ONE : BigInteger.ZERO, trusted);
        }
        if (exponent.bitLength() > 31
                || (base.abs().bitLength() - 1L) * exponent.intValue() > Budget.NUMBER_BITS) {
            throw tooLarge();
        }
        return whole(base.pow(exponent.intValue()), trusted);
    }

    private static double real(String operator, double a, double b) {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw TemplateException.failed("float division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.rint((a - remainder(a, b)) / b);
            case "%" -> remainder(a, b);
            case "**" -> power(a, b);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static double remainder(double a, double b) {
        double rest = a % b;
        if (rest == 0) {
            return Math.copySign(0, b);
        }
        return rest < 0 == b < 0 ? rest : rest + b;
    }

    private static double power(double a, double b) {
        if (a == 0 && b < 0) {
            throw TemplateException.failed("0.0 cannot be raised to a negative power");
        }
        double result = Math.pow(a, b);
        if (Double.isNaN(result) && !Double.isNaN(a) && !Double.isNaN(b)) {
            throw TemplateException.failed("complex numbers are not supported");
        }
        if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw TemplateException.failed("numerical result out of range");
        }
        return result;
    }

    static int compare(Value left, Value right) {
        if (left instanceof Value.Int(BigInteger a, boolean _)
                && right instanceof Value.Int(BigInteger b, boolean _)) {
            return a.compareTo(b);
        }
        if (left instanceof Value.Real a && !Double.isFinite(a.value())) {
            return Double.compare(a.value(), right instanceof Value.Real b ? b.value() : 0);
        }
        if (right instanceof Value.Real b && !Double.isFinite(b.value())) {
            return Double.compare(0, b.value());
        }
        return exact(left).compareTo(exact(right));
    }

    static boolean isNaN(Value number) {
        return number instanceof Value.Real(double value, String _, boolean _)
                && Double.isNaN(value);
    }

    private static BigDecimal exact(Value number) {
        return number instanceof Value.Int(BigInteger whole, boolean _)
                ? new BigDecimal(whole)
                : new BigDecimal(toDouble(number));
    }

    static Value negate(Value number) {
        return switch (number) {
            case Value.Int(BigInteger value, boolean trusted) -> whole(value.negate(), trusted);
            case Value.Real(double value, String _, boolean trusted) ->
                    Value.Real.of(-value, trusted);
            default -> throw new IllegalArgumentException(number.typeName());
        };
    }

    static Value absolute(Value number) {
        return switch (number) {
            case Value.Int(BigInteger value, boolean trusted) -> whole(value.abs(), trusted);
            case Value.Real(double value, String _, boolean trusted) ->
                    Value.Real.of(Math.abs(value), trusted);
            default -> throw new IllegalArgumentException(number.typeName());
        };
    }

    /** {@code round(number, digits)}: halves go to the even neighbour. */
    static Value round(Value number, int digits, RoundingMode mode) {
        if (number instanceof Value.Int(BigInteger value, boolean trusted)) {
            return digits >= 0
                    ? number
                    : whole(scale(new BigDecimal(value), digits, mode).toBigInteger(), trusted);
        }
        double value = toDouble(number);
        return Double.isFinite(value)
                ? Value.Real.of(
                        Math.copySign(
                                scale(new BigDecimal(value), digits, mode).doubleValue(), value),
                        trusted(number))
                : number;
    }

    /** No double has more than 1,100 digits on either side of the point. */
    private static BigDecimal scale(BigDecimal value, int digits, RoundingMode mode) {
        return value.setScale(Math.clamp(digits, -1_200, 1_200), mode);
    }

    /** {@code int(text)} in a base, or null. */
    static Value.@Nullable Int parseInt(String text, int base, boolean trusted) {
        String digits = PythonText.strip(text);
        boolean negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) {
            digits = digits.substring(1);
        }
        String prefix =
                switch (base) {
                    case 2 -> "0b";
                    case 8 -> "0o";
                    case 16 -> "0x";
                    default -> "";
                };
        if (!prefix.isEmpty() && digits.regionMatches(true, 0, prefix, 0, 2)) {
            digits = digits.substring(2);
            digits = digits.startsWith("_") ? digits.substring(1) : digits;
        }
        if (!isDigits(digits, base)) {
            return null;
        }
        if (digits.length() > Budget.NUMBER_BITS) {
            throw tooLarge();
        }
        BigInteger value = new BigInteger(digits.replace("_", ""), base);
        return new Value.Int(
                ((Value.Int) whole(negative ? value.negate() : value, trusted)).value(), trusted);
    }

    /** Digits of a base, single underscores between them. */
    static boolean isDigits(String text, int base) {
        boolean digit = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (Character.digit(character, base) >= 0 && character < 0x80) {
                digit = true;
            } else if (character == '_' && digit && i + 1 < text.length()) {
                digit = false;
            } else {
                return false;
            }
        }
        return digit;
    }

    /** {@code float(text)}, or null. */
    static @Nullable Double parseFloat(String text) {
        String stripped = PythonText.strip(text);
        String plain =
                stripped.startsWith("+") || stripped.startsWith("-")
                        ? stripped.substring(1)
                        : stripped;
        boolean negative = stripped.startsWith("-");
        switch (PythonText.lower(plain)) {
            case "inf", "infinity" -> {
                return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            }
            case "nan" -> {
                return Double.NaN;
            }
            default -> {}
        }
        if (!isDecimal(plain) || plain.length() > Budget.NUMBER_BITS) {
            return null;
        }
        double value = Double.parseDouble(plain.replace("_", ""));
        return negative ? -value : value;
    }

    private static boolean isDecimal(String text) {
        int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
        String mantissa = exponent < 0 ? text : text.substring(0, exponent);
        if (exponent >= 0) {
            String power = text.substring(exponent + 1);
            boolean signed = power.startsWith("+") || power.startsWith("-");
            if (!isDigits(signed ? power.substring(1) : power, 10)) {
                return false;
            }
        }
        int point = mantissa.indexOf('.');
        if (point < 0) {
            return isDigits(mantissa, 10);
        }
        String whole = mantissa.substring(0, point);
        String fraction = mantissa.substring(point + 1);
        return (!whole.isEmpty() || !fraction.isEmpty())
                && (whole.isEmpty() || isDigits(whole, 10))
                && (fraction.isEmpty() || isDigits(fraction, 10));
    }
}
