package org.scout4j.server.workersai;

import java.util.List;
import org.scout4j.server.Dialect;
import org.scout4j.server.Problem;
import org.scout4j.server.Route;
import org.scout4j.server.ServedModel;
import org.scout4j.server.ServerOptions;
import org.scout4j.server.images.RemoteImages;
import tools.jackson.databind.JsonNode;

/**
 * Cloudflare's endpoints under {@code /client/v4}. The ones of OpenAI's form, under {@code ai/v1},
 * are not among them: {@link #OPENAI_PREFIX} is where the OpenAI dialect can stand for those.
 */
public final class WorkersAiDialect implements Dialect {
    private static final String PREFIX = "/client/v4";
    private static final String ACCOUNT = PREFIX + "/accounts/{" + Route.ACCOUNT + "}";

    /** Where clients expect the endpoints of OpenAI's form. */
    public static final String OPENAI_PREFIX = ACCOUNT + "/ai/v1";

    private final List<Route> routes;

    public WorkersAiDialect(ServedModel model, ServerOptions options) {
        RemoteImages images = RemoteImages.of(options.images().withHosts(List.of()), report -> {});
        ModelRuns runs = new ModelRuns(model, options, images);
        AccountFacts facts = new AccountFacts(model);
        routes =
                List.of(
                        new Route(
                                "POST",
                                ACCOUNT + "/ai/run/{model}",
                                Route.Access.CHAT,
                                runs::handle),
                        get(ACCOUNT + "/ai/models/search", facts::search),
                        get(ACCOUNT + "/tokens/verify", facts::verify),
                        get(PREFIX + "/user/tokens/verify", facts::verify));
    }

    private static Route get(String path, Route.Handler handler) {
        return new Route("GET", path, Route.Access.CHAT, handler);
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public JsonNode describe(Problem problem) {
        return RunEnvelope.failure(problem);
    }
}
