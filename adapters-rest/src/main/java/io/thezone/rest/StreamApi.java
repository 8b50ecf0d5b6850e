package io.thezone.rest;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.dropwizard.lifecycle.setup.LifecycleEnvironment;
import io.thezone.application.AcquireStream;
import io.thezone.application.ListStreams;
import io.thezone.application.ReleaseStream;
import io.thezone.application.RenewStream;
import io.thezone.application.SessionStore;
import io.thezone.domain.Lease;
import io.thezone.domain.QuotaPlans;
import io.thezone.rest.edge.EagerBody;
import io.thezone.rest.edge.GatheredAnswers;
import io.thezone.rest.edge.NoStore;
import io.thezone.rest.edge.PlainPath;
import io.thezone.rest.edge.ProblemErrorHandler;
import io.thezone.rest.edge.SlowClients;
import io.thezone.rest.edge.UnreadableAccept;
import io.thezone.rest.edge.UnreadableContentType;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.glassfish.jersey.server.ServerProperties;

/** Puts the whole HTTP contract into a Dropwizard service. */
public final class StreamApi {
    /**
     * What an installation chooses.
     *
     * @param planHeader the name of the header that carries the name of a plan
     * @param plans those in force; asked once per request
     * @param secret stream ids are derived with it from idempotency keys; the same on all nodes
     */
    public record Settings(
            HeaderNames names,
            String planHeader,
            Supplier<QuotaPlans> plans,
            Lease lease,
            RefusalLog refusals,
            String secret) {}

    private StreamApi() {}

    public static void register(Environment environment, SessionStore store, Settings settings) {
        HeaderNames names = settings.names();
        Lease lease = settings.lease();
        RequestHeaders headers = new RequestHeaders(
                names, settings.planHeader(), settings.plans(), new IdempotentStreamIds(settings.secret()));
        Answers answers =
                new Answers(lease, names, new Denials(lease, names, settings.refusals(), headers::unknownPlan));
        AcquireStream acquireStream = new AcquireStream(store, lease);

        JerseyEnvironment jersey = environment.jersey();
        WatchResource watch = new WatchResource(acquireStream, headers, answers);
        StreamsResource streams = new StreamsResource(
                acquireStream,
                new RenewStream(store, lease),
                new ReleaseStream(store),
                new ListStreams(store),
                headers,
                answers);
        jersey.register(watch);
        jersey.register(streams);
        jersey.register(new OpenApiResource(names, settings.planHeader()));
        jersey.register(new ThrowableMapper());
        jersey.register(new UnreadableAccept(StreamsResource.PATH));
        jersey.register(new NoStore());
        jersey.register(new HeadLength());
        jersey.property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
        jersey.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);

        environment
                .admin()
                .addServlet("decisions", new DecisionServlet(settings.refusals(), lease))
                .addMapping(DecisionServlet.PATH);

        environment.getApplicationContext().insertHandler(new EagerContentHandler(new EagerBody(StreamApi::needsBody)));
        environment.getApplicationContext().insertHandler(new GatheredAnswers());
        environment
                .getApplicationContext()
                .insertHandler(new FastPath(
                        watch, streams, environment.getObjectMapper().writer(), jersey::getUrlPattern));
        environment.getApplicationContext().insertHandler(new PlainPath());
        environment.getAdminContext().insertHandler(new EagerContentHandler(new EagerBody(StreamApi::isPost)));
        environment.getAdminContext().insertHandler(new GatheredAnswers());
        endSlowClients(environment.lifecycle());
        environment
                .servlets()
                .addFilter("unreadable-content-type", new UnreadableContentType())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");

        ProblemErrorHandler errors = new ProblemErrorHandler();
        environment.getApplicationContext().setErrorHandler(errors);
        environment.getAdminContext().setErrorHandler(errors);
        environment.lifecycle().addServerLifecycleListener(server -> server.setErrorHandler(errors));
    }

    private static boolean needsBody(Request request) {
        String path = Request.getPathInContext(request);
        return path.contains("/" + StreamsResource.PATH)
                && (HttpMethod.PUT.is(request.getMethod())
                        || (isPost(request) && !path.endsWith(StreamsResource.HEARTBEAT)));
    }

    private static boolean isPost(Request request) {
        return HttpMethod.POST.is(request.getMethod());
    }

    private static void endSlowClients(LifecycleEnvironment lifecycle) {
        ScheduledExecutorService scheduler = lifecycle
                .scheduledExecutorService("slow-clients", true)
                .threads(1)
                .build();
        lifecycle.addServerLifecycleListener(server -> new SlowClients(server).lookRepeatedly(scheduler));
    }
}
