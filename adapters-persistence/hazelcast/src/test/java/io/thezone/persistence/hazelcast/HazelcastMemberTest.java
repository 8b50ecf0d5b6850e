package io.thezone.persistence.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.serialization.SerializationService;
import com.hazelcast.map.IMap;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import io.dropwizard.jackson.Jackson;
import io.thezone.persistence.spi.SessionCacheFactory;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A member with the shipped settings: its sockets, its neighbours, its size and the lifetime of copies. */
@Timeout(120)
class HazelcastMemberTest {
    private static final long DEADLINE_SECONDS = 30;

    private final List<HazelcastInstance> members = new ArrayList<>();

    @AfterEach
    void stopMembers() {
        members.forEach(HazelcastInstance::shutdown);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void itListensOnLoopbackOnly() throws Exception {
        Set<String> before = ListeningSockets.all();
        start(new HazelcastCacheFactory(io.dropwizard.util.Duration.milliseconds(30), 30), Duration.ofMinutes(1));
        Set<String> opened = new TreeSet<>(ListeningSockets.all());
        opened.removeAll(before);
        assertEquals(1, opened.size(), opened::toString);
        Set<String> beyond = ListeningSockets.beyondLoopback();
        beyond.removeAll(before);
        assertEquals(Set.of(), beyond);
    }

    @Test
    void twoMembersWithShippedSettingsDoNotJoin() {
        HazelcastInstance one = start(
                new HazelcastCacheFactory(io.dropwizard.util.Duration.milliseconds(30), 30), Duration.ofMinutes(1));
        HazelcastInstance other = start(
                new HazelcastCacheFactory(io.dropwizard.util.Duration.milliseconds(30), 30), Duration.ofMinutes(1));
        map(one).set("key", new StoredSession(1, 1, "{}"));
        assertEquals(1, one.getCluster().getMembers().size());
        assertEquals(1, other.getCluster().getMembers().size());
        assertTrue(map(other).isEmpty());
        assertTrue(one.getCluster()
                .getLocalMember()
                .getSocketAddress()
                .getAddress()
                .isLoopbackAddress());
    }

    @Test
    void itSendsNoUsageDataAndSearchesNoMembers() {
        Config config = new HazelcastCacheFactory(io.dropwizard.util.Duration.milliseconds(30), 30)
                .config(Duration.ofMinutes(1));
        assertEquals("false", config.getProperty("hazelcast.phone.home.enabled"));
        assertFalse(config.getNetworkConfig().getJoin().getMulticastConfig().isEnabled());
        assertFalse(config.getNetworkConfig().getJoin().getAutoDetectionConfig().isEnabled());
        assertFalse(config.getNetworkConfig().getJoin().getTcpIpConfig().isEnabled());
    }

    @Test
    void aCopyThatIsPublishedAgainLivesForAnotherLease() throws Exception {
        try (CacheUnderTest member = new CacheUnderTest(Duration.ofSeconds(1), Duration.ofMillis(90_500))) {
            SessionKey key = new SessionKey(1, 2);
            String name = HazelcastSessionCache.name(key);
            long version = 1;
            member.cache().publish(Map.of(key, new StoredSession(version, 1, "{}")));
            long end = deadline();
            while (member.copies().getEntryView(name) == null) {
                awaitNext(end);
            }
            assertTrue(member.copies().getEntryView(name).getTtl() >= 90_500);
            long expires = member.copies().getEntryView(name).getExpirationTime();
            while (member.copies().getEntryView(name).getExpirationTime() <= expires) {
                member.cache().publish(Map.of(key, new StoredSession(++version, 1, "{}")));
                awaitNext(end);
            }
        }
    }

    @Test
    void aCopyThatIsNotPublishedAgainIsDropped() {
        IMap<String, StoredSession> map = map(start(
                new HazelcastCacheFactory(io.dropwizard.util.Duration.milliseconds(30), 30), Duration.ofMillis(900)));
        map.set("key", new StoredSession(1, 1, "{}"));
        long end = deadline();
        while (map.containsKey("key")) {
            awaitNext(end);
        }
    }

    @Test
    void itUsesNoMoreThanItsShareOfTheHeap() throws Exception {
        SessionCacheFactory factory = Jackson.newObjectMapper()
                .readValue("{\"type\":\"hazelcast\",\"maxHeapPercent\":1}", HazelcastCacheFactory.class);
        IMap<String, StoredSession> map = map(start((HazelcastCacheFactory) factory, Duration.ofMinutes(1)));
        long share = Runtime.getRuntime().maxMemory() / 100;
        String document = "x".repeat(100_000);
        int enough = (int) (2 * share / document.length());
        for (int i = 0; i < enough; i++) {
            map.set("key" + i, new StoredSession(1, 1, document));
        }
        assertTrue((long) map.size() * document.length() <= share * 11 / 10, () -> map.size() + " of " + enough);
        assertTrue(map.size() > 0);
    }

    @Test
    void itDeserializesOnlyAllowedClasses() {
        HazelcastInstance member = start(
                new HazelcastCacheFactory(io.dropwizard.util.Duration.milliseconds(30), 30), Duration.ofMinutes(1));
        SerializationService serialization = ((HazelcastInstanceProxy) member).getSerializationService();
        StoredSession session = new StoredSession(1, 1, "{}");
        assertEquals(session, serialization.toObject(serialization.toData(session)));
        assertThrows(
                HazelcastSerializationException.class,
                () -> serialization.toObject(serialization.toData(new Stranger("anything"))));
    }

    private record Stranger(String name) implements Serializable {}

    private HazelcastInstance start(HazelcastCacheFactory factory, Duration longestLease) {
        HazelcastInstance member = Hazelcast.newHazelcastInstance(factory.config(longestLease));
        members.add(member);
        return member;
    }

    private static IMap<String, StoredSession> map(HazelcastInstance member) {
        return member.getMap(HazelcastMember.MAP);
    }

    private static long deadline() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    }

    private static void awaitNext(long end) {
        assertTrue(System.nanoTime() - end < 0, "it never happened");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
}
