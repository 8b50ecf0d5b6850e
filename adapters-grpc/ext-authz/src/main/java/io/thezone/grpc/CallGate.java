package io.thezone.grpc;

import com.google.common.collect.ImmutableList;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.thezone.gateway.Gate;
import io.thezone.gateway.HeaderValues;
import io.thezone.gateway.Refusal;
import io.thezone.gateway.RequestHead;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;

/** Puts a {@link Gate} in front of all calls. */
record CallGate(Gate gate) implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<Refusal> refusal = gate.refusal(new CallHead(call, headers));
        if (refusal.isEmpty()) {
            return next.startCall(call, headers);
        }
        call.close(Status.PERMISSION_DENIED.withDescription(refusal.get().detail()), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private record CallHead(ServerCall<?, ?> call, Metadata metadata) implements RequestHead {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return "/" + call.getMethodDescriptor().getFullMethodName();
        }

        @Override
        public HeaderValues headers() {
            return name -> {
                Iterable<String> values = metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
                return values == null ? List.of() : ImmutableList.copyOf(values);
            };
        }

        @Override
        public String peer() {
            SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            return address instanceof InetSocketAddress peer ? peer.getAddress().getHostAddress() : "";
        }
    }
}
