package org.scout4j.chat.calls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The arguments of one call as compact JSON, while they are being read. */
final class ArgumentsText implements StringLiteral.Units {
    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder json = new StringBuilder();

    /** The first half of a surrogate pair whose second half may still come; 0 if none. */
    private char high;

    /** Up to where the text cannot change any more; the whole length if nothing is undecided. */
    private int certain = Integer.MAX_VALUE;

    private int taken;
    private final List<Member> members = new ArrayList<>();

    /** A member of the outermost object, and where its text begins, a comma included. */
    private record Member(String key, int from) {}

    /** Appends JSON syntax. */
    void append(CharSequence syntax) {
        json.append(syntax);
    }

    int length() {
        return json.length();
    }

    void insert(int at, char syntax) {
        json.insert(at, syntax);
    }

    /** Nothing from here on is certain, until {@link #decided}. */
    void undecidedFrom(int position) {
        certain = position;
    }

    void decided() {
        certain = Integer.MAX_VALUE;
    }

    /** Says that a member of the outermost object begins here. */
    void member(String key) {
        members.add(new Member(key, json.length()));
    }

    /**
     * Appends a UTF-16 unit of a string; a half that has no other half is no character, and strict
     * readers of JSON refuse it.
     */
    @Override
    public void put(char unit) {
        if (high != 0) {
            if (Character.isLowSurrogate(unit)) {
                json.append(high).append(unit);
                high = 0;
                return;
            }
            endUnits();
        }
        if (Character.isHighSurrogate(unit)) {
            high = unit;
        } else {
            escape(unit);
        }
    }

    /** The string ends: what waited for its other half waits no longer. */
    void endUnits() {
        if (high != 0) {
            json.append(REPLACEMENT);
            high = 0;
        }
    }

    private void escape(char unit) {
        switch (unit) {
            case '"' -> json.append("\\\"");
            case '\\' -> json.append("\\\\");
            case '\n' -> json.append("\\n");
            case '\r' -> json.append("\\r");
            case '\t' -> json.append("\\t");
            case '\f' -> json.append("\\f");
            case '\b' -> json.append("\\b");
            default -> {
                if (unit < 0x20) {
                    json.append("\\u").append(HexFormat.of().toHexDigits(unit));
                } else {
                    json.append(Character.isSurrogate(unit) ? REPLACEMENT : unit);
                }
            }
        }
    }

    /** What has become certain since the last time. */
    String take() {
        int end = Math.min(certain, json.length());
        if (end <= taken) {
            return "";
        }
        String piece = json.substring(taken, end);
        taken = end;
        return piece;
    }

    /** Of members with the same key only the last stays, where the first was. */
    void dropRepeatedMembers() {
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < members.size(); i++) {
            last.put(members.get(i).key, i);
        }
        if (last.size() == members.size()) {
            return;
        }
        StringBuilder kept = new StringBuilder("{");
        for (Member member : members) {
            Integer index = last.remove(member.key);
            if (index != null) {
                int from = members.get(index).from;
                boolean comma = json.charAt(from) == ',';
                int end =
                        index + 1 < members.size()
                                ? members.get(index + 1).from
                                : json.length() - 1;
                kept.append(kept.length() > 1 ? "," : "").append(json, from + (comma ? 1 : 0), end);
            }
        }
        json.setLength(0);
        json.append(kept).append('}');
    }
}
