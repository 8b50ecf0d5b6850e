package io.thezone.grpc;

import io.grpc.Server;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A port that answers calls, once it is started. */
public final class GrpcServer {
    private final Server server;
    private final EventLoopGroup threads;

    GrpcServer(Server server, EventLoopGroup threads) {
        this.server = server;
        this.threads = threads;
    }

    /** @throws IOException if the port cannot be opened */
    public void start() throws IOException {
        server.start();
    }

    /** The port that was opened. */
    public int port() {
        return server.getPort();
    }

    /**
     * Takes no further calls, and waits for those that are in progress.
     *
     * @param grace the time after which they are given up
     */
    public void stop(Duration grace) throws InterruptedException {
        server.shutdown();
        if (!server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            server.shutdownNow();
        }
        Future<?> unused = threads.shutdownGracefully(0, grace.toMillis(), TimeUnit.MILLISECONDS);
    }
}
