package org.scout4j.cli.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server on the loopback interface that answers each request with the bytes of a script. */
public final class ScriptedServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Script script;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** What the server does with a request; the connection is closed after it. */
    public interface Script {
        /** Answers. */
        void answer(Request request, Answer answer) throws Exception;
    }

    /** A request as it came. */
    public record Request(String line, String head, String body) {
        public JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        /** Whether it asks for an answer of one token, as questions before a run do. */
        public boolean isProbe() {
            return json().path("max_tokens").intValue(0) == 1;
        }
    }

    /** Writes the answer's bytes. */
    public record Answer(OutputStream out) {
        /** Bytes as they are. */
        public void raw(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        /** A whole answer of JSON. */
        public void json(int status, String body) throws IOException {
            int length = body.getBytes(StandardCharsets.UTF_8).length;
            raw(
                    "HTTP/1.1 "
                            + status
                            + " X\r\nContent-Type: application/json\r\n"
                            + "Content-Length: "
                            + length
                            + "\r\n\r\n"
                            + body);
        }

        /** The head of a stream in chunks. */
        public void stream() throws IOException {
            raw(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n");
        }

        /** Part of a body in chunks. */
        public void chunk(String text) throws IOException {
            int length = text.getBytes(StandardCharsets.UTF_8).length;
            raw(Integer.toHexString(length) + "\r\n" + text + "\r\n");
        }

        /** One event as a chunk. */
        public void event(String data) throws IOException {
            chunk("data: " + data + "\n\n");
        }

        /** A piece of a conversation's answer. */
        public void content(String text) throws IOException {
            event(
                    "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                            + text
                            + "\"},\"finish_reason\":null}]}");
        }

        /** The end of an answer as vLLM and llama-server send it: reason, usage, [DONE]. */
        public void end(String reason, int prompt, int completion) throws IOException {
            event(
                    "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
                            + reason
                            + "\"}]}");
            event(
                    "{\"choices\":[],\"usage\":{\"prompt_tokens\":"
                            + prompt
                            + ",\"completion_tokens\":"
                            + completion
                            + ",\"prompt_tokens_details\":{\"cached_tokens\":"
                            + prompt / 2
                            + "}}}");
            event("[DONE]");
            raw("0\r\n\r\n");
        }

        /** A whole good answer of max_tokens pieces. */
        public void whole(Request request) throws IOException {
            int tokens = request.json().path("max_tokens").intValue();
            stream();
            event("{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}");
            for (int i = 0; i < tokens; i++) {
                content("w ");
            }
            end("length", promptTokens(request), tokens);
        }
    }

    /** Words and full stops of the request's text, and seven for the chat format. */
    public static int promptTokens(Request request) {
        return 7
                + bareTokens(request.json().path("messages").path(0).path("content").stringValue());
    }

    /** Words and full stops. */
    public static int bareTokens(String text) {
        return text.split(" ").length + (int) text.chars().filter(c -> c == '.').count();
    }

    private ScriptedServer(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 2000, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
    }

    public static ScriptedServer of(Script script) {
        try {
            return new ScriptedServer(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lists one model, has no /tokenize, and answers by the script. */
    public static ScriptedServer answering(Script script) {
        return of((request, answer) -> {
            if (request.line().startsWith("GET /v1/models")) {
                answer.json(200, "{\"data\":[{\"id\":\"m1\"},{\"id\":\"m2\"}]}");
            } else if (request.line().startsWith("POST /tokenize")) {
                answer.json(404, "{}");
            } else if (request.isProbe()) {
                answer.whole(request);
            } else {
                script.answer(request, answer);
            }
        });
    }

    public String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    public Target target() {
        return Target.of(url(), Target.Api.CHAT, null);
    }

    /** All requests so far. */
    public List<Request> requests() {
        return requests;
    }

    /** Requests for answers, without those that only ask how the server counts. */
    public List<Request> answered() {
        return requests.stream()
                .filter(r -> r.line().contains("/completions") && !r.isProbe())
                .toList();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.startVirtualThread(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Request request = read(socket.getInputStream());
            requests.add(request);
            script.answer(request, new Answer(socket.getOutputStream()));
        } catch (Exception e) {
            // The client sees a connection that ends.
        }
    }

    private static Request read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the client left");
            }
            head.write(next);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        int length = 0;
        for (String line : text.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Request(text.lines().findFirst().orElseThrow(), text, body);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
