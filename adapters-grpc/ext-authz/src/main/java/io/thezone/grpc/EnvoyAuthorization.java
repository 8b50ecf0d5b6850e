package io.thezone.grpc;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.thezone.gateway.AuthorizationRules;
import io.thezone.gateway.Authorizer;
import io.thezone.gateway.HeaderNames;
import io.thezone.gateway.Reason;
import io.thezone.gateway.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers Envoy's question. Every denial is an answer with status and headers for the viewer, and never a failed call. */
final class EnvoyAuthorization extends AuthorizationGrpc.AuthorizationImplBase {
    private static final int UNAUTHORIZED = 401;

    private static final Logger LOG = LoggerFactory.getLogger(EnvoyAuthorization.class);

    private final Authorizer authorizer;
    private final AuthorizationRules rules;
    private final HeaderNames names;
    private final HeaderValueOption heartbeat;

    EnvoyAuthorization(Authorizer authorizer, AuthorizationRules rules, HeaderNames names, Duration heartbeat) {
        this.authorizer = authorizer;
        this.rules = rules;
        this.names = names;
        this.heartbeat = header(names.heartbeat(), Long.toString(heartbeat.toSeconds()));
    }

    @Override
    public void check(CheckRequest request, StreamObserver<CheckResponse> observer) {
        // An answer that comes after Envoy's time limit is dropped; without this it would be an error.
        ((ServerCallStreamObserver<CheckResponse>) observer).setOnCancelHandler(() -> {});
        CompletionStage<Verdict> asked = authorizer.authorize(
                new EnvoyRequest(request.getAttributes().getRequest().getHttp()));
        asked.thenAccept(verdict -> {
                    observer.onNext(answer(verdict));
                    observer.onCompleted();
                })
                .exceptionally(failure -> {
                    LOG.error("a question of Envoy was not answered", failure);
                    observer.onError(Status.INTERNAL.asRuntimeException());
                    return null;
                });
    }

    private CheckResponse answer(Verdict verdict) {
        List<HeaderValueOption> headers = new ArrayList<>();
        verdict.describe(names, (name, value) -> headers.add(header(name, value)));
        if (verdict instanceof Verdict.Denied denied) {
            return denied(denied, headers);
        }
        if (verdict instanceof Verdict.Allowed allowed && allowed.granted().isPresent()) {
            headers.add(heartbeat);
        }
        return CheckResponse.newBuilder()
                .setStatus(status(Status.Code.OK))
                .setOkResponse(OkHttpResponse.newBuilder().addAllResponseHeadersToAdd(headers))
                .build();
    }

    private CheckResponse denied(Verdict.Denied verdict, List<HeaderValueOption> headers) {
        if (verdict instanceof Verdict.Undecided undecided) {
            undecided.fault().ifPresent(fault -> LOG.error("a question of Envoy was not decided", fault));
        }
        int status = rules.statusOf(verdict.reason());
        if (status == UNAUTHORIZED) {
            headers.add(header("WWW-Authenticate", AuthorizationRules.CHALLENGE));
        }
        headers.add(header("Content-Type", "text/plain"));
        headers.add(header("Cache-Control", "no-store"));
        return CheckResponse.newBuilder()
                .setStatus(status(code(verdict.reason())))
                .setDeniedResponse(DeniedHttpResponse.newBuilder()
                        .setStatus(HttpStatus.newBuilder().setCodeValue(status))
                        .addAllHeaders(headers)
                        .setBody(verdict.detail()))
                .build();
    }

    private static Status.Code code(Reason reason) {
        return switch (reason) {
            case NO_SESSION, UNUSABLE_SESSION -> Status.Code.UNAUTHENTICATED;
            case NO_DECISION -> Status.Code.UNAVAILABLE;
            default -> Status.Code.PERMISSION_DENIED;
        };
    }

    private static com.google.rpc.Status status(Status.Code code) {
        return com.google.rpc.Status.newBuilder().setCode(code.value()).build();
    }

    private static HeaderValueOption header(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                .build();
    }
}
