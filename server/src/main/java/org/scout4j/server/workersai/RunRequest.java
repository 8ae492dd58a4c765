package org.scout4j.server.workersai;

import java.util.List;
import java.util.Optional;
import org.scout4j.server.completions.Endpoint;

/**
 * A request to run the model, read.
 *
 * @param json whether the answer is JSON, to be told as a value
 * @param unknown names of its fields that are not known
 * @param notes what the client is told beside the result
 * @param reference the client's own name of a request inside a batch
 */
record RunRequest(
        Endpoint.Task task,
        boolean json,
        List<String> unknown,
        List<String> notes,
        Optional<String> reference) {}
