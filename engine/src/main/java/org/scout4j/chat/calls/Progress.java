package org.scout4j.chat.calls;

/** What a reader says to the character it was given. */
enum Progress {
    /** Taken; more is to come. */
    MORE,
    /** Taken, and complete with it. */
    DONE,
    /** Complete without it: it belongs to what follows. */
    DONE_BEFORE,
    /** What began is none of these, and nothing said for sure that it was. */
    NO_CALL,
    /** It was a call, and it is malformed. */
    MALFORMED
}
