package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.scout4j.server.workersai.WorkersAiDialect;

/** Key and account id of a path are checked together. */
class AccountIdsTest {
    private ScoutServer server;

    private void start(List<String> keys, List<String> accounts) {
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
                        false);
        ServedModel model = new ServedModel(options.modelNames(), Instant.EPOCH);
        server =
                ScoutServer.start(
                        options,
                        List.of(new WorkersAiDialect(model, options)),
                        model,
                        ScoutServer.Extras.none());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawClient.Reply verify(String path, String key) {
        String request = RawClient.get("/client/v4" + path + "/tokens/verify");
        return RawClient.once(
                server.port(),
                key.isEmpty()
                        ? request
                        : request.replace("Host:", "Authorization: Bearer " + key + "\r\nHost:"));
    }

    @Test
    void aWrongAccountIsToldAsAWrongKey() {
        start(List.of("key-1"), List.of("acc1", "acc2"));
        assertThat(verify("/accounts/acc1", "key-1").status()).isEqualTo(200);
        assertThat(verify("/accounts/acc2", "key-1").body()).contains("\"status\":\"active\"");
        assertThat(verify("/user", "key-1").status()).isEqualTo(200);
        Set<String> bodies = new HashSet<>();
        for (RawClient.Reply refused :
                List.of(
                        verify("/accounts/acc3", "key-1"),
                        verify("/accounts/acc1", "key-2"),
                        verify("/accounts/acc3", "key-2"),
                        verify("/accounts/acc1", ""),
                        verify("/user", "key-2"))) {
            assertThat(refused.status()).isEqualTo(401);
            bodies.add(refused.body());
        }
        assertThat(bodies).hasSize(1);
        assertThat(bodies.iterator().next()).contains("\"code\":10000", "\"success\":false");
    }

    @Test
    void withoutIdsAnyAccountIsGoodAndWithoutKeysAnybody() {
        start(List.of("key-1"), List.of());
        assertThat(verify("/accounts/any", "key-1").status()).isEqualTo(200);
        assertThat(verify("/accounts/any", "").status()).isEqualTo(401);
        server.close();
        start(List.of(), List.of("acc1"));
        assertThat(verify("/accounts/other", "").status()).isEqualTo(200);
    }
}
