package org.scout4j.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.scout4j.engine.EngineStatus;
import org.scout4j.engine.GenerationReport;
import org.scout4j.engine.StepReport;
import org.scout4j.server.GenerationFacts;
import org.scout4j.server.Problem;
import org.scout4j.server.Problems;
import org.scout4j.server.RequestReport;
import org.scout4j.server.ServedModel;
import org.scout4j.server.Startup;

class ServerMetricsTest {
    private static final GenerationFacts FACTS =
            new GenerationFacts(
                    "m",
                    "stop",
                    false,
                    10,
                    4,
                    1,
                    5,
                    3,
                    2,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO);

    private static ServerMetrics metrics(String... aliases) {
        return new ServerMetrics(
                new ServedModel(List.of("m"), Instant.EPOCH),
                new Startup(),
                List.of(aliases),
                "1.2");
    }

    private static RequestReport report(
            int status, @Nullable Problem problem, @Nullable GenerationFacts facts) {
        return new RequestReport(
                "id",
                Instant.EPOCH,
                Duration.ofMillis(5),
                "POST",
                Optional.of("/v1/x"),
                "/v1",
                status,
                Optional.ofNullable(problem),
                Optional.ofNullable(facts),
                Optional.empty());
    }

    @Test
    void everyPromisedNameIsThereFromTheStart() {
        assertThat(metrics().text())
                .contains("scout4j_requests_running 0")
                .contains("scout4j_requests_waiting 0")
                .contains("scout4j_prompt_tokens_total{kind=\"text\"} 0")
                .contains("scout4j_prompt_tokens_total{kind=\"cached\"} 0")
                .contains("scout4j_generated_tokens_total 0")
                .contains("scout4j_prefix_queried_tokens_total 0")
                .contains("scout4j_prefix_hit_tokens_total 0")
                .contains("scout4j_steps_total 0")
                .contains("scout4j_preemptions_total 0")
                .contains("scout4j_kv_used_ratio 0")
                .contains("scout4j_ready 0")
                .contains("scout4j_load_progress_ratio 0")
                .contains("scout4j_build_info{version=\"1.2\"} 1")
                .contains("# TYPE scout4j_ttft_seconds histogram")
                .contains("# TYPE scout4j_inter_token_seconds histogram")
                .contains("# TYPE scout4j_request_seconds histogram")
                .contains("# TYPE scout4j_queue_seconds histogram")
                .contains("# TYPE scout4j_prefill_seconds histogram")
                .contains("# TYPE scout4j_decode_seconds histogram")
                .contains("# TYPE scout4j_step_tokens histogram")
                .contains("scout4j_request_seconds_bucket{le=\"3600.0\"} 0");
    }

    @Test
    void whatTheEngineReportsIsCounted() {
        ServerMetrics metrics = metrics();
        metrics.stepped(
                new StepReport(2, 5, 1, 1000, 0, new EngineStatus(1, 2, 4, 3, 1, 12, 1, -1)));
        metrics.tokenFollowed(Duration.ofMillis(15).toNanos());
        metrics.ended(
                new GenerationReport(
                        GenerationReport.Outcome.STOP,
                        10,
                        4,
                        3,
                        Duration.ofMillis(40),
                        Duration.ofMillis(90),
                        Duration.ofMillis(300)));

        assertThat(metrics.text())
                .contains("scout4j_steps_total 1")
                .contains("scout4j_step_tokens_sum 7")
                .contains("scout4j_preemptions_total 1")
                .contains("scout4j_inter_token_seconds_bucket{le=\"0.02\"} 1")
                .contains("scout4j_inter_token_seconds_bucket{le=\"0.01\"} 0")
                .contains("scout4j_prompt_tokens_total{kind=\"text\"} 6")
                .contains("scout4j_prompt_tokens_total{kind=\"cached\"} 4")
                .contains("scout4j_generated_tokens_total 3")
                .contains("scout4j_ttft_seconds_sum 0.13")
                .contains("scout4j_request_seconds_sum 0.43");
    }

    @Test
    void requestsAreCountedByHowTheyEnded() {
        ServerMetrics metrics = metrics();
        metrics.ended(report(200, null, FACTS));
        metrics.ended(report(401, Problems.unauthorized(), null));
        metrics.ended(report(200, null, null));

        assertThat(metrics.text())
                .contains("scout4j_requests_total{api=\"/v1\",finish_reason=\"stop\"} 1")
                .contains("scout4j_requests_rejected_total{reason=\"invalid_api_key\"} 1");
    }

    @Test
    void otherServersNamesAreToldOnlyWhenAskedFor() {
        assertThat(metrics().text()).doesNotContain("vllm:").doesNotContain("llamacpp:");
        assertThat(metrics("vllm", "llamacpp").text())
                .contains("vllm:num_requests_running 0")
                .contains("# TYPE vllm:time_to_first_token_seconds histogram")
                .contains("vllm:time_to_first_token_seconds_bucket{le=\"1.0\"} 0")
                .contains("llamacpp:requests_processing 0");
    }
}
