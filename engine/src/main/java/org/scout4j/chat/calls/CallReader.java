package org.scout4j.chat.calls;

/** Reads one call, or one list of calls, in one form. */
interface CallReader {

    /** Takes the next character. */
    Progress accept(char c);

    /**
     * Nothing follows.
     *
     * @return DONE if what was read stands, else NO_CALL or MALFORMED
     */
    Progress end(OutputEnd end);
}
