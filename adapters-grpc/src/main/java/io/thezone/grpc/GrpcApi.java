package io.thezone.grpc;

import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.servlet.jakarta.ServletServerBuilder;
import io.thezone.application.AcquireStream;
import io.thezone.application.SessionStore;
import io.thezone.domain.Lease;
import io.thezone.gateway.AuthorizationRules;
import io.thezone.gateway.Authorizer;
import io.thezone.gateway.Decisions;
import io.thezone.gateway.DerivedStreamIds;
import io.thezone.gateway.Gate;
import io.thezone.gateway.HeaderNames;
import io.thezone.gateway.Identification;
import io.thezone.gateway.PlaceholderLog;
import io.thezone.gateway.PlanHeaders;
import io.thezone.gateway.RefusalLog;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;

/** Answers {@code envoy.service.auth.v3.Authorization/Check}. */
public final class GrpcApi {
    /** Envoy sends the head of a request only, of at most 60 KiB by default. */
    private static final int MAX_MESSAGE_BYTES = 256 * 1024;

    /**
     * The configuration of an installation.
     *
     * @param plans says which plan applies to a request
     * @param gate sees every call
     * @param authorize how questions are read and answered; its headers for method and URI are not looked at
     */
    public record Configuration(
            HeaderNames names,
            PlanHeaders plans,
            DerivedStreamIds derivedIds,
            Lease lease,
            RefusalLog refusals,
            Gate gate,
            AuthorizationRules authorize) {}

    private GrpcApi() {}

    /** Whether Envoy takes the status of a denial; it refuses answers with others. */
    public static boolean isKnownToEnvoy(int status) {
        return StatusCode.forNumber(status) != null;
    }

    /**
     * Makes the handler of a port that speaks HTTP/2.
     *
     * @param errors answers requests that are no calls
     */
    public static Handler handler(SessionStore store, Configuration configuration, Request.Handler errors) {
        ServletContextHandler calls = new ServletContextHandler();
        calls.addFilter(new FilterHolder(new OnlyCalls()), "/*", EnumSet.of(DispatcherType.REQUEST));
        calls.addServlet(new ServletHolder(servlet(store, configuration)), "/*");
        calls.setErrorHandler(errors);
        return calls;
    }

    private static HttpServlet servlet(SessionStore store, Configuration configuration) {
        Lease lease = configuration.lease();
        Authorizer authorizer = new Authorizer(
                new Identification(
                        configuration.authorize().identity().withoutUriAndMethodHeaders(),
                        configuration.derivedIds(),
                        new PlaceholderLog(System::nanoTime)),
                configuration.plans(),
                new Decisions(new AcquireStream(store, lease), configuration.refusals()));
        return new ServletServerBuilder()
                // No call waits for anything, so that the server's own threads can run them.
                .directExecutor()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .intercept(new CallGate(configuration.gate()))
                .addService(new EnvoyAuthorization(
                        authorizer, configuration.authorize(), configuration.names(), lease.heartbeat()))
                .buildServlet();
    }
}
