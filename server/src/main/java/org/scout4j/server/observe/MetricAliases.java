package org.scout4j.server.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The names under which other servers tell the same facts, so that dashboards made for them work
 * (spec "Experience" §5). Only what means the same is told.
 */
final class MetricAliases {
    private static final Map<String, String> VLLM =
            Map.ofEntries(
                    Map.entry("scout4j_requests_running", "vllm:num_requests_running"),
                    Map.entry("scout4j_requests_waiting", "vllm:num_requests_waiting"),
                    Map.entry("scout4j_requests_total", "vllm:request_success_total"),
                    Map.entry("scout4j_generated_tokens_total", "vllm:generation_tokens_total"),
                    Map.entry("scout4j_ttft_seconds", "vllm:time_to_first_token_seconds"),
                    Map.entry("scout4j_inter_token_seconds", "vllm:inter_token_latency_seconds"),
                    Map.entry("scout4j_request_seconds", "vllm:e2e_request_latency_seconds"),
                    Map.entry("scout4j_queue_seconds", "vllm:request_queue_time_seconds"),
                    Map.entry("scout4j_prefill_seconds", "vllm:request_prefill_time_seconds"),
                    Map.entry("scout4j_decode_seconds", "vllm:request_decode_time_seconds"),
                    Map.entry("scout4j_kv_used_ratio", "vllm:kv_cache_usage_perc"),
                    Map.entry(
                            "scout4j_prefix_queried_tokens_total",
                            "vllm:prefix_cache_queries_total"),
                    Map.entry("scout4j_prefix_hit_tokens_total", "vllm:prefix_cache_hits_total"),
                    Map.entry("scout4j_step_tokens", "vllm:iteration_tokens_total"),
                    Map.entry("scout4j_preemptions_total", "vllm:num_preemptions_total"));
    private static final Map<String, String> LLAMACPP =
            Map.of(
                    "scout4j_requests_running", "llamacpp:requests_processing",
                    "scout4j_requests_waiting", "llamacpp:requests_deferred",
                    "scout4j_generated_tokens_total", "llamacpp:tokens_predicted_total",
                    "scout4j_steps_total", "llamacpp:n_decode_total");
    private static final List<String> PARTS = List.of("_bucket", "_sum", "_count");

    private final List<Map<String, String>> wanted = new ArrayList<>();

    MetricAliases(List<String> servers) {
        if (servers.contains("vllm")) {
            wanted.add(VLLM);
        }
        if (servers.contains("llamacpp")) {
            wanted.add(LLAMACPP);
        }
    }

    /** The text with every line that has another name repeated under that name. */
    String addTo(String text) {
        StringBuilder all = new StringBuilder(text);
        for (Map<String, String> names : wanted) {
            text.lines().forEach(line -> repeat(line, names, all));
        }
        return all.toString();
    }

    private static void repeat(String line, Map<String, String> names, StringBuilder to) {
        String lead =
                line.startsWith("# HELP ")
                        ? "# HELP "
                        : line.startsWith("# TYPE ") ? "# TYPE " : "";
        String rest = line.substring(lead.length());
        int end = 0;
        while (end < rest.length() && rest.charAt(end) != ' ' && rest.charAt(end) != '{') {
            end++;
        }
        String name = rest.substring(0, end);
        String part = PARTS.stream().filter(name::endsWith).findFirst().orElse("");
        String alias = names.get(name);
        if (alias == null) {
            alias = names.get(name.substring(0, name.length() - part.length()));
            alias = alias == null ? null : alias + part;
        }
        if (alias != null) {
            to.append(lead).append(alias).append(rest.substring(end)).append('\n');
        }
    }
}
