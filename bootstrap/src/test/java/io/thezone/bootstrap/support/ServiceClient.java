package io.thezone.bootstrap.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** A client of a running service, over persistent HTTP/1.1 connections. */
public final class ServiceClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .executor(Executors.newFixedThreadPool(2, ServiceClient::daemon))
            .build();

    private final URI base;

    public ServiceClient(int port) {
        this.base = URI.create("http://127.0.0.1:" + port);
    }

    public HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        return HTTP.send(request(method, path, headers), BodyHandlers.ofString());
    }

    public HttpResponse<String> post(String path, String json, String... headers)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(base.resolve(path))
                        .timeout(Duration.ofSeconds(10))
                        .headers(headers)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    public CompletableFuture<HttpResponse<String>> sendAsync(String method, String path, String... headers) {
        return HTTP.sendAsync(request(method, path, headers), BodyHandlers.ofString());
    }

    public HttpResponse<String> watch(String session) throws IOException, InterruptedException {
        return send("GET", "/watch", "Session-Id", session);
    }

    public HttpResponse<String> watch(String session, String stream) throws IOException, InterruptedException {
        return send("GET", "/watch", "Session-Id", session, "Stream-Id", stream);
    }

    public boolean isUp() throws IOException, InterruptedException {
        return send("GET", "/health").statusCode() == 200;
    }

    /** @return the ids of the streams that count for a session */
    public Set<String> streams(String session) throws IOException, InterruptedException {
        return streams(send("GET", "/streams", "Session-Id", session));
    }

    public static Set<String> streams(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != 200) {
            throw new AssertionError("GET /streams answered " + answer.statusCode() + " " + answer.body());
        }
        Set<String> ids = new TreeSet<>();
        for (JsonNode stream : JSON.readTree(answer.body()).get("streams")) {
            ids.add(stream.get("streamId").asText());
        }
        return ids;
    }

    public static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "http-client");
        thread.setDaemon(true);
        return thread;
    }

    private HttpRequest request(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }
}
