package org.scout4j.engine;

import org.jspecify.annotations.Nullable;
import org.scout4j.cache.KvCache;
import org.scout4j.engine.TokenEvent.FinishReason;
import org.scout4j.error.GenerationFailed.Reason;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.model.Batch;
import org.scout4j.model.Logits;
import org.scout4j.sampling.LogitRow;
import org.scout4j.sampling.NonFiniteLogits;
import org.scout4j.sampling.TokenHistory;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.scheduler.Sequence;
import org.scout4j.scheduler.Step;

/** What the logits of a step mean for its sequences: prompt reported, token chosen, end. */
final class StepResults {
    private static final System.Logger LOG = System.getLogger("org.scout4j.engine");

    private final KvCache cache;
    private final Step step;
    private final LiveSet live;
    private final Reports reports;

    /** The model's logits of one position, and the row that a token is chosen from. */
    private final float[] logits;

    private final LogitRow row;

    StepResults(KvCache cache, Step step, LiveSet live, Reports reports, int vocabulary) {
        this.cache = cache;
        this.step = step;
        this.live = live;
        this.reports = reports;
        this.logits = new float[vocabulary];
        this.row = new LogitRow(vocabulary);
    }

    /** Moves one sequence of the step on; what goes wrong here concerns that sequence alone. */
    void complete(int entry, Logits computed, long now) {
        Sequence sequence = step.sequence(entry);
        LiveGeneration generation = live.of(sequence);
        try {
            reportPrompt(entry, generation, computed);
            if (step.logitsTo(entry) > step.logitsFrom(entry)) {
                computed.read(step.logitsTo(entry) - 1, logits);
                row.load(logits);
                row.requireFinite();
                sequence.keep(cache.prefixes());
            }
            sequence.table().releaseFinishedChunks();
            if (sequence.pending() == 0) {
                chooseToken(sequence, generation, now);
            }
        } catch (NonFiniteLogits broken) {
            LOG.log(System.Logger.Level.ERROR, "A generation has failed", broken);
            live.fail(sequence, Reason.NON_FINITE_LOGITS, now);
        } catch (GrammarRefused tooComplex) {
            live.fail(sequence, Reason.CONSTRAINT, now);
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.ERROR, "A generation has failed", failure);
            live.fail(sequence, Reason.INTERNAL, now);
        }
    }

    /** Reports what this step has computed of the prompt and no step before. */
    private void reportPrompt(int entry, LiveGeneration generation, Logits computed) {
        TokenHistory history = generation.history;
        Batch batch = step.batch();
        int done = Math.min(step.lastPosition(entry) + 1, history.promptLength());
        if (done <= generation.reported) {
            return;
        }
        if (generation.request.promptLogprobs()) {
            if (generation.reported == 0) {
                generation.deliver(new TokenEvent.PromptToken(history.token(0), null));
            }
            int top = Math.max(0, generation.request.topLogprobs());
            for (int index = step.logitsFrom(entry); index < step.logitsTo(entry); index++) {
                // The logits of a position are about the token that follows it.
                int position = batch.position(batch.logitRows()[index]);
                if (position >= generation.reported && position + 1 < history.promptLength()) {
                    int token = history.token(position + 1);
                    computed.read(index, logits);
                    row.load(logits);
                    generation.deliver(
                            new TokenEvent.PromptToken(token, TokenLogprobs.of(row, token, top)));
                }
            }
        }
        generation.reported = done;
        generation.deliver(new TokenEvent.Prefill(done, history.promptLength()));
    }

    /** Everything is computed, and its logits are loaded: chooses what comes next, or ends. */
    private void chooseToken(Sequence sequence, LiveGeneration generation, long now) {
        TokenHistory history = generation.history;
        if (sequence.maxTokens() == 0) {
            live.finish(sequence, FinishReason.LENGTH, -1, 0, now);
            return;
        }
        AnswerMask mask = generation.mask;
        long[] allowed = mask == null ? null : mask.next();
        if (mask != null && mask.over()) {
            FinishReason reason = mask.landing() ? FinishReason.LENGTH : FinishReason.STOP;
            live.finish(sequence, reason, -1, history.answerLength(), now);
            return;
        }
        int token = generation.sampler.sample(row, history, allowed);
        if (mask != null) {
            token = mask.land(token, sequence.maxTokens() - history.answerLength());
            if (token == AnswerMask.END) {
                live.finish(sequence, FinishReason.LENGTH, -1, history.answerLength(), now);
                return;
            }
        }
        if (generation.times.answering()) {
            reports.tokenFollowed(generation.times.noteToken(now));
        } else {
            generation.noteFirstToken(now);
        }
        if (generation.stopsAt(token)) {
            int chosen = history.answerLength() + 1;
            live.finish(sequence, FinishReason.STOP, token, chosen, now);
            return;
        }
        if (mask != null) {
            mask.accept(token);
        }
        history.append(token);
        generation.deliver(new TokenEvent.Token(token, logprobs(token, generation)));
        if (history.answerLength() == sequence.maxTokens()) {
            live.finish(sequence, FinishReason.LENGTH, -1, history.answerLength(), now);
        }
    }

    private @Nullable TokenLogprobs logprobs(int token, LiveGeneration generation) {
        int top = generation.request.topLogprobs();
        if (top < 0) {
            return null;
        }
        row.load(logits); // afresh: sampling has changed the row
        return TokenLogprobs.of(row, token, top);
    }
}
