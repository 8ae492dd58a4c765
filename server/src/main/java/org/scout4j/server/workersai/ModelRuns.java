package org.scout4j.server.workersai;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.scout4j.Scout;
import org.scout4j.error.ScoutException;
import org.scout4j.server.Exchange;
import org.scout4j.server.GenerationFacts;
import org.scout4j.server.Problem;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import org.scout4j.server.ServedModel;
import org.scout4j.server.ServerOptions;
import org.scout4j.server.completions.Endpoint;
import org.scout4j.server.images.RemoteImages;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs the model: one request, or a batch of them (spec "API" §5). */
final class ModelRuns {
    private static final List<String> FORMS =
            List.of("prompt", "messages", "requests", "request_id");

    private final ServedModel model;
    private final ServerOptions options;
    private final Endpoint endpoint;
    private final RunReader reader;

    ModelRuns(ServedModel model, ServerOptions options, RemoteImages images) {
        this.model = model;
        this.options = options;
        this.endpoint = new Endpoint(options);
        this.reader = new RunReader(options, images);
    }

    /** Handles one request. */
    void handle(Exchange exchange) {
        try {
            run(exchange);
        } catch (ProblemException | ScoutException failure) {
            Problem problem = Problems.of(failure);
            Problem told = RunProblems.told(problem);
            throw told.equals(problem) ? failure : new ProblemException(told);
        }
    }

    private void run(Exchange exchange) {
        Scout scout = model.scout();
        ObjectNode body = exchange.body();
        String name = exchange.pathParameter("model");
        if (!model.answersTo(name)) {
            throw RunProblems.model(name);
        }
        boolean json = !exchange.header("x-scout4j-json").orElse("").equals("string");
        String form = RunReader.requireOne(body, FORMS);
        if (form.equals("request_id")) {
            throw new ProblemException(
                    Problems.refused(
                            404,
                            "not_found",
                            "There is no batch of this 'request_id': this server keeps none, it"
                                    + " answers batches at once."));
        }
        if (exchange.query("queueRequest").filter("true"::equals).isPresent()) {
            throw new ProblemException(
                    Problems.refused(
                            501,
                            "not_supported",
                            "This server keeps no queue of requests. Send this one without"
                                    + " queueRequest; it is answered at once."));
        }
        if (form.equals("requests")) {
            batch(exchange, scout, body, name, json);
            return;
        }
        RunRequest request = reader.one(scout, body);
        Endpoint.tellIgnored(exchange, request.unknown());
        endpoint.serve(
                exchange, request.task(), new RunWriter(name, request, json && request.json()));
    }

    private void batch(Exchange exchange, Scout scout, ObjectNode body, String name, boolean json) {
        List<RunRequest> requests = reader.batch(scout, body);
        List<String> unknown = new ArrayList<>(ignored(body));
        requests.forEach(request -> unknown.addAll(request.unknown()));
        Endpoint.tellIgnored(exchange, unknown.stream().distinct().toList());
        int together = Math.min(requests.size(), scout.status().slots());
        try (BatchRun run =
                new BatchRun(endpoint, exchange.tenant(), json, options.limits().queueTimeout())) {
            exchange.whenClientGone(run::close);
            BatchRun.Result result = run.answer(requests, together);
            ObjectNode told = body.objectNode();
            ArrayNode responses = told.putArray("responses");
            result.responses().forEach(responses::add);
            told.set("usage", result.tokens().usage());
            exchange.finished(
                    new GenerationFacts(
                            name,
                            "stop",
                            false,
                            result.tokens().prompt(),
                            result.tokens().cached(),
                            requests.stream().mapToInt(each -> each.task().images()).sum(),
                            result.tokens().image(),
                            result.tokens().completion(),
                            0,
                            Duration.ZERO,
                            Duration.ZERO,
                            Duration.ZERO));
            exchange.reply(200, RunEnvelope.success(told, notes(requests)));
        }
    }

    private static List<String> notes(List<RunRequest> requests) {
        return requests.stream().flatMap(each -> each.notes().stream()).distinct().toList();
    }

    /** Fields beside the requests of a batch mean nothing. */
    private List<String> ignored(ObjectNode body) {
        List<String> names =
                body.propertyNames().stream().filter(name -> !FORMS.contains(name)).toList();
        if (options.strictFields() && !names.isEmpty()) {
            String shown = Problems.quoted(names.getFirst());
            throw new ProblemException(
                    Problems.invalid(
                            shown,
                            "unknown_parameter",
                            "There is no parameter '" + shown + "' beside 'requests'."));
        }
        return names;
    }
}
