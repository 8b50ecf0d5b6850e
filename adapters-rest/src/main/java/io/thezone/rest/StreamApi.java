package io.thezone.rest;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.thezone.application.AcquireStream;
import io.thezone.application.ListStreams;
import io.thezone.application.ReleaseStream;
import io.thezone.application.RenewStream;
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
import io.thezone.rest.edge.AdminGuard;
import io.thezone.rest.edge.Edge;
import io.thezone.rest.edge.PageRules;
import io.thezone.rest.edge.Route;
import io.thezone.rest.edge.UnreadableAccept;
import io.thezone.rest.problem.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/** Adds the whole HTTP contract to a Dropwizard service. */
public final class StreamApi {
    /**
     * The configuration of an installation.
     *
     * @param plans says which plan applies to a request
     * @param gate sees every request to the application port
     * @param adminHosts names of the admin port besides localhost, in lower case
     * @param authorize how gateways ask
     * @param origins whose pages may ask, besides those of the same origin
     * @param exposedHeaders that scripts of these pages may read
     * @param echoSession whether {@code /watch} repeats the session id
     */
    public record Configuration(
            HeaderNames names,
            PlanHeaders plans,
            DerivedStreamIds derivedIds,
            Lease lease,
            RefusalLog refusals,
            Gate gate,
            Set<String> adminHosts,
            AuthorizationRules authorize,
            Set<String> origins,
            Set<String> exposedHeaders,
            boolean echoSession) {}

    private static final String SKIPPED_CMCD_LINES = "thezone.cmcd.lines.skipped";

    private StreamApi() {}

    /** Must be called before the server is built. */
    public static void register(Environment environment, SessionStore store, Configuration configuration) {
        HeaderNames names = configuration.names();
        Lease lease = configuration.lease();
        PlaceholderLog placeholders = new PlaceholderLog(System::nanoTime);
        PlanHeaders plans = configuration.plans();
        RequestHeaders headers = new RequestHeaders(names, plans, configuration.derivedIds(), placeholders);
        Denials denials = new Denials(lease, names, headers::unknownPlan);
        Answers answers = new Answers(lease, names, denials, configuration.echoSession());
        Decisions decisions = new Decisions(new AcquireStream(store, lease), configuration.refusals());
        WatchResource watch = new WatchResource(decisions, headers, answers);
        RenewStream renewStream = new RenewStream(store, lease);
        ReleaseStream releaseStream = new ReleaseStream(store);
        StreamsResource streams =
                new StreamsResource(decisions, renewStream, releaseStream, new ListStreams(store), headers, answers);
        CmcdResource cmcd = new CmcdResource(
                renewStream, releaseStream, headers, environment.metrics().counter(SKIPPED_CMCD_LINES));
        AuthorizationRules authorize = configuration.authorize();
        Authorization authorization = new Authorization(
                new Authorizer(
                        new Identification(authorize.identity(), configuration.derivedIds(), placeholders),
                        plans,
                        decisions),
                denials,
                names,
                answers.heartbeat(),
                authorize);

        JerseyEnvironment jersey = environment.jersey();
        jersey.register(watch);
        jersey.register(streams);
        jersey.register(cmcd);
        jersey.register(new OpenApiResource(names, plans.plan(), plans.limit()));
        jersey.register(new ThrowableMapper());
        jersey.register(new UnreadableAccept(StreamsResource.PATH));
        Edge.install(
                environment,
                configuration.gate(),
                new AdminGuard(configuration.adminHosts()),
                pages(configuration),
                routes(watch, streams, cmcd, authorization),
                ThrowableMapper::answer,
                HttpFields.from(new HttpField(names.reason(), Authorization.UNUSABLE_REQUEST)));

        environment
                .admin()
                .addServlet("decisions", new DecisionServlet(configuration.refusals(), lease))
                .addMapping(DecisionServlet.PATH);
    }

    /** A gateway may pass the viewer's Origin on to {@code /watch}, so it counts there only if the installation lists origins. */
    private static PageRules pages(Configuration configuration) {
        HeaderNames names = configuration.names();
        return new PageRules(
                configuration.origins().isEmpty()
                        ? Set.of(StreamsResource.PATH, CmcdResource.PATH)
                        : Set.of(StreamsResource.PATH, CmcdResource.PATH, WatchResource.PATH),
                configuration.origins(),
                Set.of(HttpHeaders.CONTENT_TYPE, names.stream(), names.idempotency()),
                configuration.exposedHeaders(),
                Problem.typed(
                                Response.Status.FORBIDDEN,
                                "origin-refused",
                                "Origin refused",
                                "Pages of this Origin may not ask; cors.origins lists those that may. Nothing was decided.")
                        .withHeader(names.reason(), "origin"));
    }

    /** The routes on which something is decided. Jersey knows the same ones by their annotations, except the open one. */
    private static List<Route> routes(
            WatchResource watch, StreamsResource streams, CmcdResource cmcd, Authorization authorization) {
        String all = StreamsResource.PATH;
        String one = all + "/{id}";
        return List.of(
                new Route("GET", WatchResource.PATH, Route.Reads.NOTHING, (request, none) -> watch.watch(request)),
                Route.open(Authorization.PATH, (request, none) -> authorization.authorize(request)),
                new Route("POST", one + StreamsResource.HEARTBEAT, Route.Reads.NOTHING, streams::heartbeat),
                new Route("POST", one + StreamsResource.RELEASE, Route.Reads.QUERY, streams::release),
                new Route("POST", CmcdResource.PATH, Route.Reads.BODY, (request, none) -> cmcd.report(request)),
                new Route("POST", all, Route.Reads.BODY, (request, none) -> streams.start(request)),
                new Route("PUT", one, Route.Reads.BODY, streams::put),
                new Route("DELETE", one, Route.Reads.QUERY, streams::stop),
                new Route("DELETE", all, Route.Reads.QUERY, (request, none) -> streams.stopIdempotent(request)),
                new Route("GET", all, Route.Reads.NOTHING, (request, none) -> streams.list(request)));
    }
}
