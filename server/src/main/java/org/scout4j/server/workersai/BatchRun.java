package org.scout4j.server.workersai;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.scout4j.error.Cancelled;
import org.scout4j.error.Overloaded;
import org.scout4j.server.Problem;
import org.scout4j.server.Problems;
import org.scout4j.server.completions.Answer;
import org.scout4j.server.completions.Endpoint;
import org.scout4j.server.completions.LoneAnswer;
import org.scout4j.server.completions.TokenCount;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers the requests of a batch, some at a time; one that fails does not keep others from being
 * answered. Closing it, from any thread, cancels what is left.
 */
final class BatchRun implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("org.scout4j.server");

    private final Endpoint endpoint;
    private final String tenant;
    private final boolean json;
    private final Duration patience;
    private final Set<LoneAnswer> running = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param tenant who asks
     * @param json whether answers in JSON are told as values
     * @param patience how long a request waits while the queue is full
     */
    BatchRun(Endpoint endpoint, String tenant, boolean json, Duration patience) {
        this.endpoint = endpoint;
        this.tenant = tenant;
        this.json = json;
        this.patience = patience;
    }

    /** All answers, in the order of the requests. */
    record Result(List<ObjectNode> responses, TokenCount tokens) {}

    private record One(ObjectNode response, TokenCount tokens) {}

    /**
     * Answers.
     *
     * @param together how many at a time
     * @throws Cancelled if it was closed meanwhile
     */
    Result answer(List<RunRequest> requests, int together) {
        List<ObjectNode> responses = new ArrayList<>();
        TokenCount tokens = new TokenCount(0, 0, 0, 0);
        try (ExecutorService threads =
                Executors.newFixedThreadPool(together, Thread.ofVirtual().factory())) {
            List<Future<One>> ones = new ArrayList<>();
            for (int i = 0; i < requests.size(); i++) {
                int id = i;
                ones.add(threads.submit(() -> one(id, requests.get(id))));
            }
            for (Future<One> future : ones) {
                One one = future.get();
                responses.add(one.response());
                tokens = tokens.plus(one.tokens());
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new Cancelled();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        if (closed.getCount() == 0) {
            throw new Cancelled();
        }
        return new Result(responses, tokens);
    }

    private One one(int id, RunRequest request) {
        ObjectNode response = JsonNodeFactory.instance.objectNode().put("id", id);
        TokenCount tokens = new TokenCount(0, 0, 0, 0);
        try (LoneAnswer made = begin(request)) {
            running.add(made);
            try {
                if (closed.getCount() == 0) {
                    throw new Cancelled();
                }
                Answer answer = made.await();
                response.set("result", RunResult.of(answer, made.tokens(), json && request.json()));
                response.put("success", true);
            } finally {
                tokens = made.tokens();
                running.remove(made);
            }
        } catch (RuntimeException failure) {
            Problem problem = Problems.of(failure);
            if (problem.status() == 500) {
                LOG.log(System.Logger.Level.ERROR, "a request of a batch failed", failure);
            }
            response.put("success", false).set("error", RunEnvelope.error(problem));
        }
        response.put("external_reference", request.reference().orElse(null));
        return new One(response, tokens);
    }

    /** Hands a request to the engine; while the queue is full, waits for it to get shorter. */
    private LoneAnswer begin(RunRequest request) {
        long limit = System.nanoTime() + patience.toNanos();
        while (true) {
            if (closed.getCount() == 0) {
                throw new Cancelled();
            }
            try {
                return endpoint.begin(tenant, request.task());
            } catch (Overloaded busy) {
                long left = limit - System.nanoTime();
                if (request.task().plan().rejectIfBusy() || left <= 0 || !waits(busy, left)) {
                    throw busy;
                }
            }
        }
    }

    /** Whether nobody cancelled it while it waited. */
    private boolean waits(Overloaded busy, long mostNanos) {
        try {
            long nanos = Math.min(busy.retryAfter().toNanos(), mostNanos);
            return !closed.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        running.forEach(LoneAnswer::close);
    }
}
