package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.scout4j.server.images.RemoteImages;
import org.scout4j.server.openai.OpenAiDialect;
import org.scout4j.server.openrouter.OpenRouterDialect;
import tools.jackson.databind.JsonNode;

/** The description of the endpoints, against the endpoints. */
class OpenApiTest {
    private final ServerOptions options = ServerOptions.local(0, ServedModel.SCOUT_NAMES);
    private final ServedModel model = new ServedModel(options.modelNames(), Instant.EPOCH);
    private final RemoteImages images = RemoteImages.of(options.images(), report -> {});
    private final List<Dialect> dialects =
            List.of(
                    new OpenAiDialect(model, options, images),
                    new OpenRouterDialect(model, options, images));

    private JsonNode document() {
        try (ScoutServer server =
                ScoutServer.start(options, dialects, model, ScoutServer.Extras.none())) {
            RawClient.Reply reply = RawClient.once(server.port(), RawClient.get("/openapi.json"));
            assertThat(reply.status()).isEqualTo(200);
            return tools.jackson.databind.json.JsonMapper.shared().readTree(reply.body());
        }
    }

    @Test
    void describesExactlyTheEndpointsThatThereAre() {
        Set<String> described = new TreeSet<>();
        document()
                .get("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .propertyNames()
                                .forEach(method ->
                                        described.add(
                                                method.toUpperCase(Locale.ROOT)
                                                        + " "
                                                        + path.getKey())));
        Stream<String> routes =
                dialects.stream()
                        .flatMap(dialect -> dialect.routes().stream())
                        .map(route -> route.method() + " " + route.path());
        assertThat(described).containsExactlyInAnyOrderElementsOf(routes.toList());
    }

    @Test
    void everyReferenceLeadsSomewhereAndNamesOfTheModelAreFilledIn() {
        JsonNode document = document();
        assertThat(document.findValuesAsString("$ref"))
                .isNotEmpty()
                .allSatisfy(
                        ref -> assertThat(document.at(ref.substring(1)).isMissingNode()).isFalse());
        assertThat(document.at("/components/schemas/Model/enum").size())
                .isEqualTo(ServedModel.SCOUT_NAMES.size());
    }
}
