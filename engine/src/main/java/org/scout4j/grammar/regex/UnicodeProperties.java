package org.scout4j.grammar.regex;

import java.lang.Character.UnicodeScript;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** {@code \p{…}} of ECMA-262, of the Unicode version that the JDK knows. */
final class UnicodeProperties {
    /** Names of general categories, long and short, and the short names they stand for. */
    private static final Map<String, String> CATEGORIES =
            Map.ofEntries(
                    Map.entry("Cased_Letter", "LC"),
                    Map.entry("Close_Punctuation", "Pe"),
                    Map.entry("Connector_Punctuation", "Pc"),
                    Map.entry("Control", "Cc"),
                    Map.entry("cntrl", "Cc"),
                    Map.entry("Currency_Symbol", "Sc"),
                    Map.entry("Dash_Punctuation", "Pd"),
                    Map.entry("Decimal_Number", "Nd"),
                    Map.entry("digit", "Nd"),
                    Map.entry("Enclosing_Mark", "Me"),
                    Map.entry("Final_Punctuation", "Pf"),
                    Map.entry("Format", "Cf"),
                    Map.entry("Initial_Punctuation", "Pi"),
                    Map.entry("Letter", "L"),
                    Map.entry("Letter_Number", "Nl"),
                    Map.entry("Line_Separator", "Zl"),
                    Map.entry("Lowercase_Letter", "Ll"),
                    Map.entry("Mark", "M"),
                    Map.entry("Combining_Mark", "M"),
                    Map.entry("Math_Symbol", "Sm"),
                    Map.entry("Modifier_Letter", "Lm"),
                    Map.entry("Modifier_Symbol", "Sk"),
                    Map.entry("Nonspacing_Mark", "Mn"),
                    Map.entry("Number", "N"),
                    Map.entry("Open_Punctuation", "Ps"),
                    Map.entry("Other", "C"),
                    Map.entry("Other_Letter", "Lo"),
                    Map.entry("Other_Number", "No"),
                    Map.entry("Other_Punctuation", "Po"),
                    Map.entry("Other_Symbol", "So"),
                    Map.entry("Paragraph_Separator", "Zp"),
                    Map.entry("Private_Use", "Co"),
                    Map.entry("Punctuation", "P"),
                    Map.entry("punct", "P"),
                    Map.entry("Separator", "Z"),
                    Map.entry("Space_Separator", "Zs"),
                    Map.entry("Spacing_Mark", "Mc"),
                    Map.entry("Surrogate", "Cs"),
                    Map.entry("Symbol", "S"),
                    Map.entry("Titlecase_Letter", "Lt"),
                    Map.entry("Unassigned", "Cn"),
                    Map.entry("Uppercase_Letter", "Lu"));

    /** Short names by the number that {@link Character#getType(int)} gives; it leaves out 17. */
    private static final String[] SHORT = {
        "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "Zs", "Zl", "Zp",
        "Cc", "Cf", "", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf"
    };

    private static final Map<String, IntPredicate> BINARY =
            Map.ofEntries(
                    Map.entry("Alphabetic", Character::isAlphabetic),
                    Map.entry("Alpha", Character::isAlphabetic),
                    Map.entry("Lowercase", Character::isLowerCase),
                    Map.entry("Lower", Character::isLowerCase),
                    Map.entry("Uppercase", Character::isUpperCase),
                    Map.entry("Upper", Character::isUpperCase),
                    Map.entry("Ideographic", Character::isIdeographic),
                    Map.entry("Ideo", Character::isIdeographic),
                    Map.entry("Emoji", Character::isEmoji),
                    Map.entry("Emoji_Presentation", Character::isEmojiPresentation),
                    Map.entry("EPres", Character::isEmojiPresentation),
                    Map.entry("Emoji_Modifier", Character::isEmojiModifier),
                    Map.entry("EMod", Character::isEmojiModifier),
                    Map.entry("Emoji_Modifier_Base", Character::isEmojiModifierBase),
                    Map.entry("EBase", Character::isEmojiModifierBase),
                    Map.entry("Emoji_Component", Character::isEmojiComponent),
                    Map.entry("EComp", Character::isEmojiComponent),
                    Map.entry("Extended_Pictographic", Character::isExtendedPictographic),
                    Map.entry("ExtPict", Character::isExtendedPictographic));

    private UnicodeProperties() {}

    /** What stands between the braces; empty if there is no such property. */
    static Optional<CodePoints> named(String name) {
        int equals = name.indexOf('=');
        if (equals >= 0) {
            String value = name.substring(equals + 1);
            return switch (name.substring(0, equals)) {
                case "General_Category", "gc" -> category(value);
                case "Script", "sc" -> script(value);
                default -> Optional.empty();
            };
        }
        IntPredicate binary = BINARY.get(name);
        if (binary != null) {
            return Optional.of(where(binary));
        }
        return switch (name) {
            case "Any" -> Optional.of(CodePoints.ALL);
            case "ASCII" -> Optional.of(CodePoints.of(0, 0x7F));
            case "Assigned" -> category("Cn").map(CodePoints::not);
            case "ASCII_Hex_Digit", "AHex" ->
                    Optional.of(CodePoints.of('0', '9', 'A', 'F', 'a', 'f'));
            case "White_Space", "space" ->
                    Optional.of(
                            CodePoints.of(
                                    '\t', '\r', ' ', ' ', 0x85, 0x85, 0xA0, 0xA0, 0x1680, 0x1680,
                                    0x2000, 0x200A, 0x2028, 0x2029, 0x202F, 0x202F, 0x205F, 0x205F,
                                    0x3000, 0x3000));
            default -> category(name);
        };
    }

    private static Optional<CodePoints> category(String name) {
        String wanted = CATEGORIES.getOrDefault(name, name);
        CodePoints.Builder set = new CodePoints.Builder();
        boolean found = false;
        for (int type = 0; type < SHORT.length; type++) {
            String own = SHORT[type];
            boolean cased = wanted.equals("LC") && (type >= 1 && type <= 3);
            boolean group = wanted.length() == 1 && own.startsWith(wanted);
            if (!own.isEmpty() && (own.equals(wanted) || cased || group)) {
                set.add(Tables.CATEGORY[type]);
                found = true;
            }
        }
        return found ? Optional.of(set.build()) : Optional.empty();
    }

    /** Names as Unicode writes them: {@code Greek}, {@code Old_Italic}, {@code Grek}. */
    private static Optional<CodePoints> script(String name) {
        boolean titled = !name.isEmpty() && name.charAt(0) >= 'A' && name.charAt(0) <= 'Z';
        if (!titled || name.equals(name.toUpperCase(Locale.ROOT))) {
            return Optional.empty();
        }
        try {
            return Optional.of(Tables.SCRIPT[UnicodeScript.forName(name).ordinal()]);
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }

    private static CodePoints where(IntPredicate member) {
        CodePoints.Builder set = new CodePoints.Builder();
        int low = -1;
        for (int point = 0; point <= TextDfa.MAX_CODE_POINT + 1; point++) {
            boolean in = point <= TextDfa.MAX_CODE_POINT && member.test(point);
            if (in && low < 0) {
                low = point;
            } else if (!in && low >= 0) {
                set.add(low, point - 1);
                low = -1;
            }
        }
        return set.build();
    }

    /** Made when the first such pattern comes. */
    private static final class Tables {
        static final CodePoints[] CATEGORY = byNumber(SHORT.length, Character::getType);
        static final CodePoints[] SCRIPT =
                byNumber(UnicodeScript.values().length, point -> UnicodeScript.of(point).ordinal());

        private static CodePoints[] byNumber(int count, IntUnaryOperator of) {
            CodePoints.Builder[] builders = new CodePoints.Builder[count];
            for (int number = 0; number < count; number++) {
                builders[number] = new CodePoints.Builder();
            }
            int low = 0;
            int number = of.applyAsInt(0);
            for (int point = 1; point <= TextDfa.MAX_CODE_POINT + 1; point++) {
                int here = point > TextDfa.MAX_CODE_POINT ? -1 : of.applyAsInt(point);
                if (here != number) {
                    builders[number].add(low, point - 1);
                    low = point;
                    number = here;
                }
            }
            CodePoints[] sets = new CodePoints[count];
            for (int one = 0; one < count; one++) {
                sets[one] = builders[one].build();
            }
            return sets;
        }
    }
}
