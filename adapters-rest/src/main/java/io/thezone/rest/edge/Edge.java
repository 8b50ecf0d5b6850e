package io.thezone.rest.edge;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.dropwizard.lifecycle.setup.LifecycleEnvironment;
import io.thezone.gateway.Gate;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.glassfish.jersey.server.ServerProperties;

/** Installs what every request of both ports passes on its way to resources and servlets, and every answer on its way back. */
public final class Edge {
    private Edge() {}

    /**
     * Must be called before the server is built.
     *
     * @param gate the gate of the application port
     * @param adminGate the gate of the admin port
     * @param pages which web pages the application port answers
     * @param routes the routes that are answered past Jersey if the request is an ordinary one
     * @param unreadable headers of answers to requests that cannot be read, whatever route they are for
     */
    public static void install(
            Environment environment,
            Gate gate,
            Gate adminGate,
            PageRules pages,
            List<Route> routes,
            FailureAnswers failures,
            HttpFields unreadable) {
        JerseyEnvironment jersey = environment.jersey();
        jersey.register(new JerseyRequests());
        jersey.register(new AnswerFilter());
        jersey.register(new HeadLength());
        jersey.property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
        jersey.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
        environment
                .servlets()
                .addFilter("unreadable-content-type", new UnreadableContentType())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");

        Routes fast = new Routes(routes, jersey::getUrlPattern);
        insert(
                environment.getApplicationContext(),
                new PlainPath(fast),
                new GateHandler(gate),
                new PageGuard(fast, pages),
                new EagerBody(fast::needsBody),
                new FastPath(fast, failures, environment.getObjectMapper().writer()),
                new GatheredAnswers());
        insert(
                environment.getAdminContext(),
                new GateHandler(adminGate),
                new EagerBody(request -> HttpMethod.POST.is(request.getMethod())),
                new GatheredAnswers());
        environment.lifecycle().addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStarting(LifeCycle server) {
                PlainPath.acceptAllPaths((Server) server);
            }
        });
        endSlowClients(environment.lifecycle());

        ProblemErrorHandler errors = new ProblemErrorHandler(unreadable);
        environment.getApplicationContext().setErrorHandler(errors);
        environment.getAdminContext().setErrorHandler(errors);
        environment.lifecycle().addServerLifecycleListener(started -> started.setErrorHandler(errors));
    }

    /** @param outermostFirst the handlers in the order in which a request passes them */
    private static void insert(ServletContextHandler port, Handler.Singleton... outermostFirst) {
        for (int i = outermostFirst.length - 1; i >= 0; i--) {
            port.insertHandler(outermostFirst[i]);
        }
    }

    private static void endSlowClients(LifecycleEnvironment lifecycle) {
        ScheduledExecutorService scheduler = lifecycle
                .scheduledExecutorService("slow-clients", true)
                .threads(1)
                .build();
        lifecycle.addServerLifecycleListener(server -> new SlowClients(server).checkRepeatedly(scheduler));
    }
}
