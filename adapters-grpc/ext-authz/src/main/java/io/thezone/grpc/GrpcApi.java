package io.thezone.grpc;

import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
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
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** Answers {@code envoy.service.auth.v3.Authorization/Check}. */
public final class GrpcApi {
    /** Envoy sends the head of a request only, of at most 60 KiB by default. */
    private static final int MAX_MESSAGE_BYTES = 128 * 1024;

    /** Envoy opens further connections where it asks more at the same time. */
    private static final int MAX_CALLS_PER_CONNECTION = 100;

    /** A reset costs a decision. Envoy resets what it does not wait for any more; it connects again if it does so more often. */
    private static final int MAX_RESETS = 10_000;

    private static final int RESETS_WINDOW_SECONDS = 10;

    /** The interval at which a silent connection is asked whether it still lives. */
    private static final int KEEP_ALIVE_SECONDS = 30;

    /** The time limit for a new connection to begin with HTTP/2. */
    private static final int HANDSHAKE_SECONDS = 5;

    private static final int MIN_PING_INTERVAL_SECONDS = 5;

    /** Ends calls whose message never arrives as a whole, and spreads the connections over nodes that were added. */
    private static final int MAX_CONNECTION_AGE_MINUTES = 5;

    private static final int LAST_CALLS_SECONDS = 10;

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
     * Makes a server, without starting it.
     *
     * @param connections the maximum number of connections; further ones are closed
     */
    public static GrpcServer server(
            SocketAddress address, int connections, SessionStore store, Configuration configuration) {
        Lease lease = configuration.lease();
        Authorizer authorizer = new Authorizer(
                new Identification(
                        configuration.authorize().identity().withoutUriAndMethodHeaders(),
                        configuration.derivedIds(),
                        new PlaceholderLog(System::nanoTime)),
                configuration.plans(),
                new Decisions(new AcquireStream(store, lease), configuration.refusals()));
        EventLoopGroup threads = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
        Server server = NettyServerBuilder.forAddress(address)
                .channelFactory(() -> new LimitedServerChannel(connections))
                .bossEventLoopGroup(threads)
                .workerEventLoopGroup(threads)
                // No call waits for anything, so that the threads of the connections can run them.
                .directExecutor()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                .maxRstFramesPerWindow(MAX_RESETS, RESETS_WINDOW_SECONDS)
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(MIN_PING_INTERVAL_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionAge(MAX_CONNECTION_AGE_MINUTES, TimeUnit.MINUTES)
                .maxConnectionAgeGrace(LAST_CALLS_SECONDS, TimeUnit.SECONDS)
                .intercept(new CallGate(configuration.gate()))
                .addService(new EnvoyAuthorization(
                        authorizer, configuration.authorize(), configuration.names(), lease.heartbeat()))
                .build();
        return new GrpcServer(server, threads);
    }
}
