package org.scout4j.chat.calls;

/** Where readers put the calls that they find. */
interface CallSink {

    /**
     * A call begins; the one before is complete.
     *
     * @param function index among the declared functions
     * @param arguments where its arguments are being written
     */
    void begin(int function, ArgumentsText arguments);

    /** The call that began last is complete. */
    void complete();
}
