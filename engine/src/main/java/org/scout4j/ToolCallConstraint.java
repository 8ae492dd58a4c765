package org.scout4j;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.calls.CallTrigger;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;

/**
 * Holds an answer that may call tools: text is free, but once a call has begun it goes on well
 * formed, with arguments as the function's schema wants them (spec "Chat" §5, auto).
 */
final class ToolCallConstraint implements TokenConstraint {
    private final CallGrammars grammars;
    private final CallTrigger trigger;
    private int state;

    /** The rest of the call that has begun; null in free text. */
    private @Nullable TokenConstraint call;

    /** After the only call that is allowed. */
    private boolean over;

    ToolCallConstraint(CallGrammars grammars) {
        this.grammars = grammars;
        this.trigger = grammars.trigger();
        this.state = trigger.start();
    }

    @Override
    public int vocabulary() {
        return grammars.vocabularySize();
    }

    @Override
    public void mask(TokenSet allowed) {
        if (over) {
            allowed.clear();
        } else if (call != null) {
            call.mask(allowed);
        } else {
            allowed.fill();
            for (int token : grammars.misleading(state)) {
                allowed.remove(token);
            }
        }
    }

    @Override
    public void accept(int token) {
        if (call != null) {
            call.accept(token);
            endCompleteCall();
            return;
        }
        if (grammars.isPythonTag(token)) {
            state = trigger.afterPythonTag(state);
            return;
        }
        byte[] text = grammars.bytes(token);
        for (int at = 0; at < text.length; at++) {
            state = trigger.next(state, text[at] & 0xFF);
            if (trigger.committed(state)) {
                byte[] begun = Arrays.copyOfRange(text, at + 1, text.length);
                call = grammars.rest(state, begun).orElseThrow(() -> notAllowed(token));
                endCompleteCall();
                return;
            }
        }
    }

    @Override
    public int[] completion() {
        return call == null ? new int[0] : call.completion();
    }

    @Override
    public int[] completionAfter(int token) {
        if (call != null) {
            return call.completionAfter(token);
        }
        byte[] text = grammars.bytes(token);
        int after = state;
        for (int at = 0; at < text.length; at++) {
            after = trigger.next(after, text[at] & 0xFF);
            if (trigger.committed(after)) {
                return grammars.rest(after, Arrays.copyOfRange(text, at + 1, text.length))
                        .map(TokenConstraint::completion)
                        .orElseThrow(() -> notAllowed(token));
            }
        }
        return new int[0];
    }

    private static IllegalArgumentException notAllowed(int token) {
        return new IllegalArgumentException("token " + token + " was not allowed");
    }

    private void endCompleteCall() {
        if (call != null && call.mayEnd()) {
            call = null;
            state = trigger.afterCall();
            over = !grammars.parallelCalls();
        }
    }

    @Override
    public boolean mayEnd() {
        return call == null;
    }
}
