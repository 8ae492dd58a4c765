package org.scout4j.chat.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code pattern % values}: the conversions {@code %s %r %d %i %u %x %X %o %f} and {@code %%}. */
final class PercentFormat {
    private static final int PRECISION_LIMIT = 1_000;

    private final Operators operators;
    private final Text pattern;
    private final TextBuilder out;
    private int position;

    PercentFormat(Operators operators, Text pattern) {
        this.operators = operators;
        this.pattern = pattern;
        this.out = operators.builder();
    }

    /** One conversion as written: {@code %(key)-05.2f}. */
    private record Conversion(
            @Nullable String key, String flags, int width, int precision, char kind) {}

    /**
     * @param argument the only value, a tuple of values, or a mapping for {@code %(key)s}
     */
    Text format(Value argument) {
        List<Value> values =
                argument instanceof Value.Sequence(List<Value> items, boolean tuple) && tuple
                        ? items
                        : List.of(argument);
        int used = 0;
        String chars = pattern.chars();
        while (true) {
            int percent = chars.indexOf('%', position);
            out.append(pattern, position, percent < 0 ? chars.length() : percent);
            if (percent < 0) {
                break;
            }
            position = percent + 1;
            Conversion conversion = conversion();
            if (conversion.kind == '%') {
                out.append(pattern, percent, percent + 1);
            } else if (conversion.key != null) {
                Value named =
                        argument instanceof Value.Mapping mapping
                                ? mapping.get(conversion.key)
                                : null;
                if (named == null) {
                    throw TemplateException.failed("format requires '" + conversion.key + "'");
                }
                write(conversion, named);
            } else if (used == values.size()) {
                throw TemplateException.failed("not enough arguments for format string");
            } else {
                write(conversion, values.get(used++));
            }
        }
        if (used < values.size() && !(argument instanceof Value.Mapping)) {
            throw TemplateException.failed("not all arguments converted during string formatting");
        }
        return out.text();
    }

    private char next() {
        if (position == pattern.length()) {
            throw TemplateException.failed("incomplete format");
        }
        return pattern.chars().charAt(position++);
    }

    private Conversion conversion() {
        String key = null;
        char character = next();
        if (character == '(') {
            int close = pattern.chars().indexOf(')', position);
            if (close < 0) {
                throw TemplateException.failed("incomplete format key");
            }
            key = pattern.chars().substring(position, close);
            position = close + 1;
            character = next();
        }
        StringBuilder flags = new StringBuilder();
        for (; "-+ 0#".indexOf(character) >= 0; character = next()) {
            flags.append(character);
        }
        int width = 0;
        for (; character >= '0' && character <= '9'; character = next()) {
            width = number(width, character);
        }
        int precision = -1;
        if (character == '.') {
            precision = 0;
            for (character = next(); character >= '0' && character <= '9'; character = next()) {
                precision = number(precision, character);
            }
        }
        return new Conversion(key, flags.toString(), width, precision, character);
    }

    private static int number(int before, char digit) {
        int number = before * 10 + (digit - '0');
        if (number > PRECISION_LIMIT) {
            throw TemplateException.failed("width or precision of a format is too large");
        }
        return number;
    }

    private void write(Conversion conversion, Value value) {
        Text text =
                switch (conversion.kind) {
                    case 's' -> cut(operators.text(value), conversion.precision);
                    case 'r' -> cut(operators.represent(value), conversion.precision);
                    case 'd', 'i', 'u' -> whole(conversion, value, 10);
                    case 'x' -> whole(conversion, value, 16);
                    case 'X' ->
                            Methods.inCase(
                                    whole(conversion, value, 16), "upper", operators.budget());
                    case 'o' -> whole(conversion, value, 8);
                    case 'f', 'F' -> fixed(conversion, value);
                    default ->
                            throw TemplateException.failed(
                                    "unsupported format '%" + conversion.kind + "'");
                };
        pad(conversion, text);
    }

    private static Text cut(Text text, int precision) {
        return precision < 0 || text.chars().codePointCount(0, text.length()) <= precision
                ? text
                : text.substring(0, text.chars().offsetByCodePoints(0, precision));
    }

    private Value number(Value value) {
        Value number = Numbers.number(value);
        if (number == null) {
            operators.requireDefined(value);
            throw TemplateException.failed("a number is required, not " + value.typeName());
        }
        return number;
    }

    private Text whole(Conversion conversion, Value value, int base) {
        Value number = number(value);
        if (number instanceof Value.Real
                && (base != 10 || !Double.isFinite(Numbers.toDouble(number)))) {
            throw TemplateException.failed("an integer is required, not float");
        }
        BigInteger whole =
                number instanceof Value.Int(BigInteger integer, boolean _)
                        ? integer
                        : new BigDecimal(Numbers.toDouble(number)).toBigInteger();
        String digits = whole.abs().toString(base);
        digits = "0".repeat(Math.max(0, conversion.precision - digits.length())) + digits;
        return numeral(conversion, whole.signum() < 0, digits, number);
    }

    private Text fixed(Conversion conversion, Value value) {
        Value number = number(value);
        double real = Numbers.toDouble(number);
        boolean negative = real < 0 || (real == 0 && 1 / real < 0);
        String digits =
                Double.isFinite(real)
                        ? fixed(real, conversion.precision < 0 ? 6 : conversion.precision)
                        : Double.isNaN(real) ? "nan" : "inf";
        return numeral(conversion, negative, digits, number);
    }

    /** A number without its sign, with so many digits after the point. */
    static String fixed(double value, int digits) {
        return new BigDecimal(value).abs().setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static Text numeral(
            Conversion conversion, boolean negative, String digits, Value number) {
        String sign =
                negative
                        ? "-"
                        : conversion.flags.indexOf('+') >= 0
                                ? "+"
                                : conversion.flags.indexOf(' ') >= 0 ? " " : "";
        return Numbers.trusted(number)
                ? Text.trusted(sign + digits)
                : Text.untrusted(sign + digits);
    }

    private void pad(Conversion conversion, Text text) {
        int missing = conversion.width - text.chars().codePointCount(0, text.length());
        if (conversion.flags.indexOf('-') >= 0) {
            out.append(text).repeat(Text.trusted(" "), missing);
        } else if (conversion.flags.indexOf('0') >= 0 && "sr".indexOf(conversion.kind) < 0) {
            int sign = text.isEmpty() || "+- ".indexOf(text.chars().charAt(0)) < 0 ? 0 : 1;
            out.append(text, 0, sign)
                    .repeat(Text.trusted("0"), missing)
                    .append(text, sign, text.length());
        } else {
            out.repeat(Text.trusted(" "), missing).append(text);
        }
    }
}
