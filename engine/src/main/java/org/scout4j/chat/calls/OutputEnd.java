package org.scout4j.chat.calls;

/** How an answer ended, as far as its last call is concerned. */
public enum OutputEnd {
    /** The model chose to end it: what is missing in closing brackets is added. */
    COMPLETE,
    /** It was cut, by a limit or a stop string: an unfinished call stays unfinished. */
    CUT
}
