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

    private final List<Route> routes;

    public OpenAiDialect(ServedModel model, ServerOptions options, RemoteImages images) {
        OpenAiFlavour flavour = new OpenAiFlavour(model);
        ChatCompletions chat = new ChatCompletions(flavour, model, options, images);
        TextCompletions texts = new TextCompletions(flavour, model, options);
        ModelList models = new ModelList(model);
        TokenEndpoints tokens = new TokenEndpoints(model, options, images);
        EngineFacts facts = new EngineFacts(model, options);
        List<Route> all = new ArrayList<>();
        all.add(post("/v1/chat/completions", chat::handle));
        all.add(post("/v1/chat/completions/input_tokens", chat::countTokens));
        all.add(post("/v1/completions", texts::handle));
        all.add(get("/v1/models", models::list));
        all.add(get("/v1/models/{id}", models::one));
        all.add(post("/tokenize", tokens::tokenize));
        all.add(post("/detokenize", tokens::detokenize));
        all.add(post("/apply-template", tokens::applyTemplate));
        all.add(get("/props", facts::props));
        all.add(get("/slots", facts::slots));
        OpenApiDocument document = OpenApiDocument.load(model.names(), options.build());
        all.add(new Route("GET", "/openapi.json", Route.Access.PUBLIC, document::serve));
        ABSENT.forEach(path -> all.add(post(path, exchange -> refuse(path))));
        routes = List.copyOf(all);
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
        return "/v1";
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
