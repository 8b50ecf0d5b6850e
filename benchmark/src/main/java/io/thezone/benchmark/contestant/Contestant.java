package io.thezone.benchmark.contestant;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.glassfish.jersey.server.ServerProperties;

/** Runs the web server of the service with the resource that the first argument names; the second argument is config.yml. */
public final class Contestant extends Application<Contestant.Settings> {
    static final int LIMIT = 3;
    static final Duration LEASE = Duration.ofSeconds(90);

    /** Reads the server section of config.yml, and ignores the others. */
    @JsonIgnoreProperties(value = "health", ignoreUnknown = true)
    public static final class Settings extends Configuration {}

    /** Says that the server answers. */
    @Path("health")
    public static final class HealthResource {
        @GET
        public Response health() {
            return answer(true);
        }
    }

    private final String resource;

    private Contestant(String resource) {
        this.resource = resource;
    }

    public static void main(String[] args) throws Exception {
        new Contestant(args[0]).run("server", args[1]);
    }

    @Override
    public void initialize(Bootstrap<Settings> bootstrap) {
        bootstrap.setConfigurationSourceProvider(new SubstitutingSourceProvider(
                bootstrap.getConfigurationSourceProvider(), new EnvironmentVariableSubstitutor(false)));
    }

    @Override
    public void run(Settings settings, Environment environment) {
        environment.jersey().register(open(environment));
        environment.jersey().register(new HealthResource());
        if (resource.equals("bare")) {
            environment.getApplicationContext().insertHandler(new BareHandler());
        }
        environment.jersey().property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
    }

    private Object open(Environment environment) {
        return switch (resource) {
            case "empty", "bare" -> new EmptyResource();
            case "map" -> MapResource.open(environment);
            case "sql" -> SqlResource.open(environment, System.getProperty("database"));
            case "redis-lua" -> RedisLuaResource.open(environment, System.getProperty("redis"));
            case "redisson" -> RedissonResource.open(environment, System.getProperty("redis"));
            default -> throw new IllegalArgumentException("no contestant is called " + resource);
        };
    }

    static Response answer(boolean admitted) {
        return Response.status(admitted ? Response.Status.OK : Response.Status.UNAUTHORIZED)
                .build();
    }
}
