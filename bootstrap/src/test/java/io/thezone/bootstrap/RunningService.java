package io.thezone.bootstrap;

import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.eclipse.jetty.io.EndPoint;

/** A service with the shipped config.yml on free ports, as clients see it. */
final class RunningService implements AutoCloseable {
    private static final Duration START_TIME = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final DropwizardTestSupport<StreamServiceConfiguration> support;

    private RunningService(DropwizardTestSupport<StreamServiceConfiguration> support) {
        this.support = support;
    }

    /** Starts it; does not wait until it is healthy. */
    static RunningService start(
            Class<? extends Application<StreamServiceConfiguration>> application, ConfigOverride... settings)
            throws Exception {
        Stream<ConfigOverride> always = Stream.of(
                ConfigOverride.config("server.applicationConnectors[0].port", "0"),
                ConfigOverride.config("server.adminConnectors[0].port", "0"),
                ConfigOverride.config("health.delayedShutdownHandlerEnabled", "false"));
        DropwizardTestSupport<StreamServiceConfiguration> support = new DropwizardTestSupport<>(
                application,
                "../config.yml",
                Stream.concat(always, Stream.of(settings)).toArray(ConfigOverride[]::new));
        support.before();
        return new RunningService(support);
    }

    /** @return itself, once it says that it is up */
    RunningService up() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_TIME.toNanos();
        while (get("/health").statusCode() != 200) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the service is not up after " + START_TIME);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        return this;
    }

    int port() {
        return support.getLocalPort();
    }

    int adminPort() {
        return support.getAdminPort();
    }

    /** The connections of both ports that are open. */
    List<EndPoint> connections() {
        return Arrays.stream(environment().getApplicationContext().getServer().getConnectors())
                .flatMap(connector -> connector.getConnectedEndPoints().stream())
                .toList();
    }

    Environment environment() {
        return support.getEnvironment();
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> admin(String path, String... headers) throws IOException, InterruptedException {
        return client.send(request(support.getAdminPort(), "GET", path, "", headers), BodyHandlers.ofString());
    }

    HttpResponse<String> adminPost(String path) throws IOException, InterruptedException {
        return client.send(request(support.getAdminPort(), "POST", path, ""), BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return client.send(request(support.getLocalPort(), method, path, body, headers), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> sendAsync(String method, String path, String body, String... headers) {
        return client.sendAsync(request(support.getLocalPort(), method, path, body, headers), BodyHandlers.ofString());
    }

    static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static HttpRequest request(int port, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    @Override
    public void close() {
        support.after();
    }
}
