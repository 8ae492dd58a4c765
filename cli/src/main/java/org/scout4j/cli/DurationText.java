package org.scout4j.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A duration as people write it: {@code 500ms}, {@code 90s}, {@code 10m} or {@code 8h}. */
final class DurationText implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        try {
            long number = Long.parseLong(text.substring(0, digits));
            return switch (text.substring(digits)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> throw notOne(text);
            };
        } catch (ArithmeticException | NumberFormatException e) {
            throw notOne(text);
        }
    }

    private static TypeConversionException notOne(String text) {
        return new TypeConversionException(
                "'" + text + "' is not a duration such as 500ms, 90s, 10m or 8h");
    }
}
