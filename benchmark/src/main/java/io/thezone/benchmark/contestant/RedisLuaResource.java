package io.thezone.benchmark.contestant;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Runs a Lua script that keeps the streams of each session in a sorted set, by their expiry in milliseconds of the server's clock. */
@Path("watch")
public final class RedisLuaResource {
    private static final String ACQUIRE =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
            if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
              return 0
            end
            redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[3])
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            return 1
            """;

    private final RedisAsyncCommands<String, String> redis;
    private final String script;

    private RedisLuaResource(RedisAsyncCommands<String, String> redis, String script) {
        this.redis = redis;
        this.script = script;
    }

    static RedisLuaResource open(Environment environment, String url) {
        RedisClient client = RedisClient.create(url);
        environment.lifecycle().manage(new Managed() {
            @Override
            public void stop() {
                client.shutdown();
            }
        });
        var connection = client.connect();
        return new RedisLuaResource(connection.async(), connection.sync().scriptLoad(ACQUIRE));
    }

    @GET
    public CompletionStage<Response> watch(@HeaderParam("Session-Id") String session) {
        return redis.<Long>evalsha(
                        script,
                        ScriptOutputType.INTEGER,
                        new String[] {"lua-" + session},
                        Integer.toString(Contestant.LIMIT),
                        Long.toString(Contestant.LEASE.toMillis()),
                        UUID.randomUUID().toString())
                .thenApply(admitted -> Contestant.answer(admitted == 1));
    }
}
