package io.thezone.persistence.hazelcast;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.SerializerConfig;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionCacheFactory;
import io.thezone.persistence.spi.StoredSession;
import io.thezone.persistence.spi.TimeLimits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/**
 * {@code cache: {type: hazelcast}}: an embedded Hazelcast member, which listens on loopback only, joins no other member and sends no
 * usage data.
 */
@JsonTypeName("hazelcast")
public final class HazelcastCacheFactory implements SessionCacheFactory {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MAX_READERS = 64;

    @NotNull
    @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
    @MaxDuration(value = TimeLimits.CACHE_READ_MILLIS, unit = TimeUnit.MILLISECONDS)
    @JsonProperty
    private final Duration timeLimit;

    @Min(1)
    @Max(90)
    @JsonProperty
    private final int maxHeapPercent;

    @JsonCreator
    HazelcastCacheFactory(
            @JsonProperty("timeLimit") Duration timeLimit, @JsonProperty("maxHeapPercent") int maxHeapPercent) {
        this.timeLimit = timeLimit;
        this.maxHeapPercent = maxHeapPercent;
    }

    @Override
    public SessionCache build(Environment environment, java.time.Duration longestLease) {
        HazelcastMember member = HazelcastMember.startAsync(config(longestLease));
        environment.lifecycle().manage(member);
        Publisher publisher = new Publisher(member);
        environment.lifecycle().manage(publisher);
        HazelcastSessionCache cache =
                new HazelcastSessionCache(member, timeLimit.toJavaDuration(), readers(environment), publisher);
        environment.lifecycle().manage(cache);
        return cache;
    }

    /** Has a bounded number of threads and no queue: if all hang, the next read fails at once. */
    private static ExecutorService readers(Environment environment) {
        return environment
                .lifecycle()
                .executorService("cache-reader-%d")
                .minThreads(0)
                .maxThreads(MAX_READERS)
                .workQueue(new SynchronousQueue<>())
                .build();
    }

    Config config(java.time.Duration longestLease) {
        Config config = new Config();
        config.setClusterName("thezone");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.operation.call.timeout.millis", "5000");
        // A batch needs one operation per partition; the default of 271 is for hundreds of members.
        config.setProperty("hazelcast.partition.count", "61");
        config.setProperty("hazelcast.max.no.heartbeat.seconds", "10");
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface(LOOPBACK);
        config.getNetworkConfig().setPublicAddress(LOOPBACK);
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getIntegrityCheckerConfig().setEnabled(false);
        config.getSerializationConfig()
                .addSerializerConfig(new SerializerConfig()
                        .setTypeClass(StoredSession.class)
                        .setImplementation(new CachedSession()));
        config.getSerializationConfig()
                .addDataSerializableFactory(HazelcastSessionCache.SERIALIZER_FACTORY, classId -> new NewerWins());
        JavaSerializationFilterConfig nothing = new JavaSerializationFilterConfig();
        nothing.setDefaultsDisabled(true);
        nothing.getWhitelist().addPackages("java.lang", "java.util", "com.hazelcast.");
        config.getSerializationConfig().setJavaSerializationFilterConfig(nothing);
        config.addMapConfig(sessions(longestLease));
        return config;
    }

    private MapConfig sessions(java.time.Duration longestLease) {
        return new MapConfig(HazelcastMember.MAP)
                .setInMemoryFormat(InMemoryFormat.BINARY)
                .setBackupCount(0)
                .setTimeToLiveSeconds((int) longestLease.toSeconds() + 1)
                .setStatisticsEnabled(false)
                .setEvictionConfig(new EvictionConfig()
                        .setEvictionPolicy(EvictionPolicy.LRU)
                        .setMaxSizePolicy(MaxSizePolicy.USED_HEAP_PERCENTAGE)
                        .setSize(maxHeapPercent));
    }
}
