package org.scout4j.server.openrouter;

import java.util.List;
import org.scout4j.server.Dialect;
import org.scout4j.server.Problem;
import org.scout4j.server.Route;
import org.scout4j.server.ServedModel;
import org.scout4j.server.ServerOptions;
import org.scout4j.server.completions.ChatCompletions;
import org.scout4j.server.completions.TextCompletions;
import org.scout4j.server.images.RemoteImages;
import tools.jackson.databind.JsonNode;

/** OpenRouter's endpoints under {@code /api/v1}. */
public final class OpenRouterDialect implements Dialect {
    private final List<Route> routes;

    public OpenRouterDialect(ServedModel model, ServerOptions options, RemoteImages images) {
        GenerationLog log = new GenerationLog();
        OpenRouterFlavour flavour = new OpenRouterFlavour(model, log);
        Catalogue catalogue = new Catalogue(model, log);
        routes =
                List.of(
                        post(
                                "/chat/completions",
                                new ChatCompletions(flavour, model, options, images)::handle),
                        post("/completions", new TextCompletions(flavour, model, options)::handle),
                        get("/models", catalogue::models),
                        get("/models/{author}/{slug}/endpoints", catalogue::endpoints),
                        get("/generation", catalogue::generation));
    }

    private static Route post(String path, Route.Handler handler) {
        return new Route("POST", "/api/v1" + path, Route.Access.CHAT, handler);
    }

    private static Route get(String path, Route.Handler handler) {
        return new Route("GET", "/api/v1" + path, Route.Access.CHAT, handler);
    }

    @Override
    public String prefix() {
        return "/api/v1";
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public JsonNode describe(Problem problem) {
        return OpenRouterErrors.describe(problem);
    }
}
