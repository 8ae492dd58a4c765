package org.scout4j.grammar.regex;

import java.util.Locale;

/** Dates, times and durations of RFC 3339 (§5.6 and appendix A). */
final class Calendar {
    private static final String LEAP_YEAR =
            "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";

    private static final String DATE =
            "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
                    + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
                    + "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
                    + "|"
                    + LEAP_YEAR
                    + "-02-29)";

    private static final String FRACTION = "(?:\\.[0-9]+)?";
    private static final String HOUR_MINUTE = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";
    private static final int DAY = 24 * 60;

    /** Offsets of leap seconds are multiples of this: all that were in use since there are any. */
    private static final int OFFSET_MINUTES = 15;

    private Calendar() {}

    static TextDfa date() {
        return Patterns.known(DATE);
    }

    static TextDfa time() {
        return Patterns.known(timePattern());
    }

    static TextDfa dateTime() {
        return Patterns.known(DATE + "[Tt]" + timePattern());
    }

    private static String timePattern() {
        StringBuilder time = new StringBuilder("(?:");
        time.append(HOUR_MINUTE + ":[0-5][0-9]" + FRACTION + "(?:[Zz]|[+-]" + HOUR_MINUTE + ")");
        for (int offset = 0; offset < DAY; offset += OFFSET_MINUTES) {
            int east = (DAY - 1 + offset) % DAY;
            int back = (DAY - offset) % DAY;
            time.append('|').append(clock(east)).append(":60").append(FRACTION);
            time.append("(?:\\+").append(clock(offset)).append("|-").append(clock(back));
            time.append(offset == 0 ? "|[Zz])" : ")");
        }
        return time.append(')').toString();
    }

    private static String clock(int minutes) {
        return String.format(Locale.ROOT, "%02d:%02d", minutes / 60, minutes % 60);
    }

    static TextDfa duration() {
        String second = "[0-9]+S";
        String minute = "[0-9]+M(?:" + second + ")?";
        String hour = "[0-9]+H(?:" + minute + ")?";
        String time = "T(?:" + hour + "|" + minute + "|" + second + ")";
        String day = "[0-9]+D";
        String month = "[0-9]+M(?:" + day + ")?";
        String year = "[0-9]+Y(?:" + month + ")?";
        String date = "(?:" + day + "|" + month + "|" + year + ")(?:" + time + ")?";
        return Patterns.known("P(?:" + date + "|" + time + "|[0-9]+W)");
    }
}
