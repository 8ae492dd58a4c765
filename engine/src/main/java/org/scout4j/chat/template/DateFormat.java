package org.scout4j.chat.template;

import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.util.Locale;

/** {@code strftime} with English names. */
final class DateFormat {
    private static final int LONGEST = 1_000;

    private DateFormat() {}

    static String format(LocalDateTime time, String pattern) {
        if (pattern.length() > LONGEST) {
            throw TemplateException.failed("the format of strftime_now is too long");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char character = pattern.charAt(i);
            if (character != '%' || i + 1 == pattern.length()) {
                text.append(character);
                continue;
            }
            character = pattern.charAt(++i);
            boolean plain = character == '-' && i + 1 < pattern.length();
            String field = field(time, plain ? pattern.charAt(++i) : character);
            text.append(plain ? withoutPadding(field) : field);
        }
        return text.toString();
    }

    private static String field(LocalDateTime time, char directive) {
        int hour = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
        return switch (directive) {
            case 'Y' -> String.valueOf(time.getYear());
            case 'y' -> padded(time.getYear() % 100, 2);
            case 'm' -> padded(time.getMonthValue(), 2);
            case 'd' -> padded(time.getDayOfMonth(), 2);
            case 'e' -> String.format(Locale.ROOT, "%2d", time.getDayOfMonth());
            case 'H' -> padded(time.getHour(), 2);
            case 'I' -> padded(hour, 2);
            case 'M' -> padded(time.getMinute(), 2);
            case 'S' -> padded(time.getSecond(), 2);
            case 'j' -> padded(time.getDayOfYear(), 3);
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b', 'h' ->
                    time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
            case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'a' ->
                    time.getDayOfWeek()
                            .getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                            .substring(0, 3);
            case 'F' -> format(time, "%Y-%m-%d");
            case 'T' -> format(time, "%H:%M:%S");
            case 'R' -> format(time, "%H:%M");
            case 'D' -> format(time, "%m/%d/%y");
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default ->
                    throw TemplateException.failed(
                            "unsupported directive '%" + directive + "' in strftime_now");
        };
    }

    private static String padded(int number, int width) {
        return String.format(Locale.ROOT, "%0" + width + "d", number);
    }

    private static String withoutPadding(String field) {
        int zeros = 0;
        while (zeros < field.length() - 1 && field.charAt(zeros) == '0') {
            zeros++;
        }
        return field.substring(zeros);
    }
}
