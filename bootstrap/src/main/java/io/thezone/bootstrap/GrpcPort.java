package io.thezone.bootstrap;

import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.lifecycle.Managed;
import io.thezone.grpc.GrpcServer;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port for gRPC: opens after the store has started, and closes before it stops. */
record GrpcPort(GrpcServer server, Duration grace) implements Managed {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcPort.class);

    /** @param other whose time limit at shutdown this port has, too */
    static GrpcPort of(GrpcServer server, ServerFactory other) {
        return new GrpcPort(
                server,
                other instanceof AbstractServerFactory factory
                        ? factory.getShutdownGracePeriod().toJavaDuration()
                        : Duration.ZERO);
    }

    @Override
    public void start() throws IOException {
        server.start();
        LOG.info("the grpc port is {}", server.port());
    }

    @Override
    public void stop() throws InterruptedException {
        server.stop(grace);
    }
}
