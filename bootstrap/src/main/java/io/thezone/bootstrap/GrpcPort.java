package io.thezone.bootstrap;

import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.setup.Environment;
import io.thezone.application.SessionStore;
import io.thezone.grpc.GrpcApi;
import io.thezone.rest.edge.Edge;
import io.thezone.rest.edge.ProblemErrorHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A port of its own for gRPC, on a second server, which starts after the store and stops before it. */
final class GrpcPort {
    static final String NAME = "grpc";

    /** No call waits for a client or the database. */
    private static final int MAX_THREADS = 16;

    private GrpcPort() {}

    static void open(
            StreamServiceConfiguration configuration,
            SessionStore store,
            GrpcApi.Configuration api,
            LifeCycle.Listener connectionLimit,
            Environment environment) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName(NAME);
        Server server = new Server(threads);
        ProblemErrorHandler errors = new ProblemErrorHandler();
        server.setErrorHandler(errors);
        server.setHandler(new GracefulHandler(GrpcApi.handler(store, api, errors)));
        if (configuration.getServerFactory() instanceof AbstractServerFactory other) {
            server.setStopTimeout(other.getShutdownGracePeriod().toMilliseconds());
        }
        server.addConnector(configuration.grpc().connector().build(server, environment.metrics(), NAME, threads));
        server.addEventListener(connectionLimit);
        server.addEventListener(Edge.endingSlowClients(environment.lifecycle()));
        environment.lifecycle().manage(server);
    }
}
