package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.scout4j.server.workersai.WorkersAiDialect;

/** Key and account id of a path are checked together. */
class AccountIdsTest {
    private static ScoutServer start(List<String> keys, List<String> accounts) {
        ServerOptions local = ServerOptions.local(0, ServedModel.SCOUT_NAMES);
        ServerOptions options =
                new ServerOptions(
                        local.host(),
                        0,
                        local.modelNames(),
                        keys,
                        accounts,
                        List.of(),
                        false,
                        local.limits(),
                        List.of(),
                        "dev",
                        false,
                        local.images());
        ServedModel model = new ServedModel(options.modelNames(), Instant.EPOCH);
        return ScoutServer.start(
                options,
                List.of(new WorkersAiDialect(model, options)),
                model,
                ScoutServer.Extras.none());
    }

    private static RawClient.Reply verify(ScoutServer server, String path, String key) {
        String request = RawClient.get("/client/v4" + path + "/tokens/verify");
        return RawClient.once(
                server.port(),
                key.isEmpty()
                        ? request
                        : request.replace("Host:", "Authorization: Bearer " + key + "\r\nHost:"));
    }

    @Test
    void aWrongAccountIsToldAsAWrongKey() {
        try (ScoutServer server = start(List.of("key-1"), List.of("acc1", "acc2"))) {
            assertThat(verify(server, "/accounts/acc1", "key-1").status()).isEqualTo(200);
            assertThat(verify(server, "/accounts/acc2", "key-1").body())
                    .contains("\"status\":\"active\"");
            assertThat(verify(server, "/user", "key-1").status()).isEqualTo(200);
            Set<String> bodies = new HashSet<>();
            for (RawClient.Reply refused :
                    List.of(
                            verify(server, "/accounts/acc3", "key-1"),
                            verify(server, "/accounts/acc1", "key-2"),
                            verify(server, "/accounts/acc3", "key-2"),
                            verify(server, "/accounts/acc1", ""),
                            verify(server, "/user", "key-2"))) {
                assertThat(refused.status()).isEqualTo(401);
                bodies.add(refused.body());
            }
            assertThat(bodies).hasSize(1);
            assertThat(bodies.iterator().next()).contains("\"code\":10000", "\"success\":false");
        }
    }

    @Test
    void withoutIdsAnyAccountIsGood() {
        try (ScoutServer server = start(List.of("key-1"), List.of())) {
            assertThat(verify(server, "/accounts/any", "key-1").status()).isEqualTo(200);
            assertThat(verify(server, "/accounts/any", "").status()).isEqualTo(401);
        }
    }

    @Test
    void withoutKeysAnybodyIsAnswered() {
        try (ScoutServer server = start(List.of(), List.of("acc1"))) {
            assertThat(verify(server, "/accounts/other", "").status()).isEqualTo(200);
        }
    }
}
