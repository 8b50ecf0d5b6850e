package io.thezone.rest.testing;

import io.dropwizard.core.Configuration;
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

/** A Dropwizard service on free ports, as clients see it. */
public abstract class HttpService implements AutoCloseable {
    /** The settings of every installation. */
    protected static final String SHIPPED_CONFIGURATION = "../config.yml";

    private static final Duration START_TIME = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final DropwizardTestSupport<? extends Configuration> support;

    /** Starts it; does not wait until it is healthy. */
    protected HttpService(DropwizardTestSupport<? extends Configuration> support) throws Exception {
        this.support = support;
        support.before();
    }

    /** @return the settings, and those that every test needs */
    protected static ConfigOverride[] onFreePorts(ConfigOverride... settings) {
        Stream<ConfigOverride> always = Stream.of(
                ConfigOverride.config("server.applicationConnectors[0].port", "0"),
                ConfigOverride.config("server.adminConnectors[0].port", "0"),
                ConfigOverride.config("health.delayedShutdownHandlerEnabled", "false"));
        return Stream.concat(always, Stream.of(settings)).toArray(ConfigOverride[]::new);
    }

    protected void awaitUp() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_TIME.toNanos();
        while (get("/health").statusCode() != 200) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the service is not up after " + START_TIME);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    public final int port() {
        return support.getLocalPort();
    }

    public final int adminPort() {
        return support.getAdminPort();
    }

    /** The connections of both ports that are open. */
    public final List<EndPoint> connections() {
        return Arrays.stream(environment().getApplicationContext().getServer().getConnectors())
                .flatMap(connector -> connector.getConnectedEndPoints().stream())
                .toList();
    }

    public final Environment environment() {
        return support.getEnvironment();
    }

    public final HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    public final HttpResponse<String> admin(String path, String... headers) throws IOException, InterruptedException {
        return client.send(request(adminPort(), "GET", path, "", headers), BodyHandlers.ofString());
    }

    public final HttpResponse<String> adminPost(String path) throws IOException, InterruptedException {
        return client.send(request(adminPort(), "POST", path, ""), BodyHandlers.ofString());
    }

    public final HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return client.send(request(port(), method, path, body, headers), BodyHandlers.ofString());
    }

    public final CompletableFuture<HttpResponse<String>> sendAsync(
            String method, String path, String body, String... headers) {
        return client.sendAsync(request(port(), method, path, body, headers), BodyHandlers.ofString());
    }

    /** The first value of a header of the answer; empty text if there is none. */
    public static String header(HttpResponse<?> answer, String name) {
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
    public final void close() {
        support.after();
    }
}
