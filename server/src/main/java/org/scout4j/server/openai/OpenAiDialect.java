package org.scout4j.server.openai;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.server.Dialect;
import org.scout4j.server.Problem;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import org.scout4j.server.Route;
import org.scout4j.server.ServedModel;
import org.scout4j.server.ServerOptions;
import org.scout4j.server.completions.ChatCompletions;
import org.scout4j.server.completions.TextCompletions;
import org.scout4j.server.images.RemoteImages;
import tools.jackson.databind.JsonNode;

/**
 * OpenAI's endpoints under {@code /v1}, the ones of llama-server and vLLM that their clients use
 * beside them, and the document that describes all endpoints.
 */
public final class OpenAiDialect implements Dialect {
    /** Endpoints of OpenAI, and one of Anthropic, that clients may try. */
    private static final List<String> ABSENT =
            List.of(
                    "/v1/embeddings",
                    "/v1/responses",
                    "/v1/messages",
                    "/v1/moderations",
                    "/v1/audio/speech",
                    "/v1/audio/transcriptions",
                    "/v1/audio/translations",
                    "/v1/images/generations",
                    "/v1/images/edits",
                    "/v1/images/variations");

    private final String prefix;
    private final List<Route> routes;

    private OpenAiDialect(String prefix, List<Route> routes) {
        this.prefix = prefix;
        this.routes = List.copyOf(routes);
    }

    /** All of them. */
    public OpenAiDialect(ServedModel model, ServerOptions options, RemoteImages images) {
        this("/v1", all(model, options, images));
    }

    /**
     * The endpoints of completions and models under another prefix, where another service has them.
     *
     * @param prefix in the place of {@code /v1}; may have variable parts
     */
    public static OpenAiDialect under(
            String prefix, ServedModel model, ServerOptions options, RemoteImages images) {
        List<Route> routes = new ArrayList<>(completions(prefix, model, options, images));
        for (String absent : List.of("/responses", "/embeddings")) {
            routes.add(post(prefix + absent, exchange -> refuse("/v1" + absent)));
        }
        return new OpenAiDialect(prefix, routes);
    }

    private static List<Route> completions(
            String prefix, ServedModel model, ServerOptions options, RemoteImages images) {
        OpenAiFlavour flavour = new OpenAiFlavour(model);
        ModelList models = new ModelList(model);
        return List.of(
                post(
                        prefix + "/chat/completions",
                        new ChatCompletions(flavour, model, options, images)::handle),
                post(prefix + "/completions", new TextCompletions(flavour, model, options)::handle),
                get(prefix + "/models", models::list),
                get(prefix + "/models/{id}", models::one));
    }

    private static List<Route> all(ServedModel model, ServerOptions options, RemoteImages images) {
        TokenEndpoints tokens = new TokenEndpoints(model, options, images);
        EngineFacts facts = new EngineFacts(model, options);
        ChatCompletions chat =
                new ChatCompletions(new OpenAiFlavour(model), model, options, images);
        List<Route> all = new ArrayList<>(completions("/v1", model, options, images));
        all.add(post("/v1/chat/completions/input_tokens", chat::countTokens));
        all.add(post("/tokenize", tokens::tokenize));
        all.add(post("/detokenize", tokens::detokenize));
        all.add(post("/apply-template", tokens::applyTemplate));
        all.add(get("/props", facts::props));
        all.add(get("/slots", facts::slots));
        OpenApiDocument document = OpenApiDocument.load(model.names(), options.build());
        all.add(new Route("GET", "/openapi.json", Route.Access.PUBLIC, document::serve));
        ABSENT.forEach(path -> all.add(post(path, exchange -> refuse(path))));
        return all;
    }

    private static Route post(String path, Route.Handler handler) {
        return new Route("POST", path, Route.Access.CHAT, handler);
    }

    private static Route get(String path, Route.Handler handler) {
        return new Route("GET", path, Route.Access.CHAT, handler);
    }

    private static void refuse(String path) {
        throw new ProblemException(Problems.notSupported(path));
    }

    @Override
    public String prefix() {
        return prefix;
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public JsonNode describe(Problem problem) {
        return OpenAiErrors.describe(problem);
    }
}
