package io.thezone.rest;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.thezone.application.AcquireStream;
import io.thezone.application.ListStreams;
import io.thezone.application.ReleaseStream;
import io.thezone.application.RenewStream;
import io.thezone.application.SessionStore;
import io.thezone.application.StreamTerms;
import org.glassfish.jersey.server.ServerProperties;

/** Puts the whole HTTP contract into a Dropwizard service. */
public final class StreamApi {
    private StreamApi() {}

    public static void register(Environment environment, SessionStore store, StreamTerms terms, HeaderNames names) {
        RequestHeaders headers = new RequestHeaders(names);
        Answers answers = new Answers(terms, names);
        Failures failures = new Failures(names);
        AcquireStream acquireStream = new AcquireStream(store, terms);

        JerseyEnvironment jersey = environment.jersey();
        jersey.register(new WatchResource(acquireStream, headers, answers, failures));
        jersey.register(new StreamsResource(
                acquireStream,
                new RenewStream(store, terms),
                new ReleaseStream(store),
                new ListStreams(store),
                headers,
                answers,
                failures));
        jersey.register(new OpenApiResource(names));
        jersey.register(new ThrowableMapper());
        jersey.register(new BodyLimit());
        jersey.register(new NoStore());
        jersey.property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
        jersey.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);

        ProblemErrorHandler errors = new ProblemErrorHandler();
        environment.getApplicationContext().setErrorHandler(errors);
        environment.getAdminContext().setErrorHandler(errors);
        environment.lifecycle().addServerLifecycleListener(server -> server.setErrorHandler(errors));
    }
}
