package io.thezone.benchmark;

import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext.HttpRequest;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc.AuthorizationStub;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Asks as Envoy does over gRPC, in a process of its own; wrk speaks no HTTP/2. */
public final class GrpcLoad {
    static final String WORK = "grpc segment";

    /** Envoy opens a connection for each of its threads. */
    private static final int CONNECTIONS = 2;

    private final List<AuthorizationStub> stubs;
    private final long sessions;
    private final long end;
    private final AtomicLong asked;
    private final AtomicLong errors = new AtomicLong();
    private final Queue<long[]> latencies = new ConcurrentLinkedQueue<>();

    private GrpcLoad(List<AuthorizationStub> stubs, long first, long sessions, Duration time) {
        this.stubs = stubs;
        this.sessions = sessions;
        this.asked = new AtomicLong(first);
        this.end = System.nanoTime() + time.toNanos();
    }

    /** @return the command that prints a line of results as load.lua does */
    static List<String> command(String url, long first, Duration time, int calls, int sessions) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-classpath",
                System.getProperty("java.class.path"),
                GrpcLoad.class.getName(),
                Integer.toString(URI.create(url).getPort()),
                Long.toString(first),
                Long.toString(time.toSeconds()),
                Integer.toString(calls),
                Integer.toString(sessions));
    }

    /** @param args port, number of the first request, seconds, calls at the same time, sessions */
    public static void main(String[] args) throws InterruptedException {
        Duration time = Duration.ofSeconds(Long.parseLong(args[2]));
        int calls = Integer.parseInt(args[3]);
        List<ManagedChannel> channels = IntStream.range(0, CONNECTIONS)
                .mapToObj(i -> NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(args[0]))
                        .usePlaintext()
                        .directExecutor()
                        .build())
                .toList();
        GrpcLoad load = new GrpcLoad(
                channels.stream().map(AuthorizationGrpc::newStub).toList(),
                Long.parseLong(args[1]),
                Long.parseLong(args[4]),
                time);
        long started = System.nanoTime();
        load.run(calls);
        long micros = (System.nanoTime() - started) / 1_000;
        channels.forEach(ManagedChannel::shutdownNow);
        long[] sorted =
                load.latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        System.out.printf(
                "RESULT %d %d 0 %d %d %d%n",
                sorted.length,
                micros,
                load.errors.get(),
                sorted[sorted.length / 2] / 1_000,
                sorted[(int) (sorted.length * 0.99)] / 1_000);
    }

    private void run(int calls) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(calls);
        for (int i = 0; i < calls; i++) {
            new Caller(stubs.get(i % stubs.size()), running).ask();
        }
        running.await();
    }

    /** Asks again as soon as it is answered. */
    private final class Caller implements StreamObserver<CheckResponse> {
        private final AuthorizationStub stub;
        private final CountDownLatch running;
        private long[] measured = new long[1024];
        private int answered;
        private long askedAt;

        Caller(AuthorizationStub stub, CountDownLatch running) {
            this.stub = stub;
            this.running = running;
        }

        void ask() {
            long session = asked.getAndIncrement() % sessions;
            askedAt = System.nanoTime();
            stub.check(
                    CheckRequest.newBuilder()
                            .setAttributes(AttributeContext.newBuilder()
                                    .setRequest(AttributeContext.Request.newBuilder()
                                            .setHttp(HttpRequest.newBuilder()
                                                    .setMethod("GET")
                                                    .setPath("/movie/segment.ts")
                                                    .putHeaders("session-id", "full-" + session)
                                                    .putHeaders("stream-id", "s-" + session))))
                            .build(),
                    this);
        }

        @Override
        public void onNext(CheckResponse answer) {
            if (!answer.hasOkResponse()) {
                errors.incrementAndGet();
            }
            if (answered == measured.length) {
                measured = Arrays.copyOf(measured, 2 * answered);
            }
            measured[answered++] = System.nanoTime() - askedAt;
        }

        @Override
        public void onError(Throwable failure) {
            errors.incrementAndGet();
            end();
        }

        @Override
        public void onCompleted() {
            if (System.nanoTime() - end < 0) {
                ask();
            } else {
                end();
            }
        }

        private void end() {
            latencies.add(Arrays.copyOf(measured, answered));
            running.countDown();
        }
    }
}
