package io.thezone.persistence.hazelcast;

import com.hazelcast.map.MapInterceptor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.thezone.persistence.spi.StoredSession;
import org.jspecify.annotations.Nullable;

/** Keeps the newer version of an entry, as two nodes may publish out of order. Runs on the member that owns the entry. */
final class NewerWins implements MapInterceptor, IdentifiedDataSerializable {
    private static final long serialVersionUID = 1L;

    /** @return the value to store instead of the offered one; null to store the offered one */
    @Override
    public @Nullable Object interceptPut(@Nullable Object held, Object offered) {
        return held instanceof StoredSession old
                        && offered instanceof StoredSession copy
                        && old.version() > copy.version()
                ? old
                : null;
    }

    @Override
    public @Nullable Object interceptGet(@Nullable Object value) {
        return null;
    }

    @Override
    public void afterGet(@Nullable Object value) {}

    @Override
    public void afterPut(@Nullable Object value) {}

    @Override
    public @Nullable Object interceptRemove(@Nullable Object removed) {
        return null;
    }

    @Override
    public void afterRemove(@Nullable Object oldValue) {}

    @Override
    public int getFactoryId() {
        return HazelcastSessionCache.SERIALIZER_FACTORY;
    }

    @Override
    public int getClassId() {
        return HazelcastSessionCache.NEWER_WINS;
    }

    @Override
    public void writeData(ObjectDataOutput out) {}

    @Override
    public void readData(ObjectDataInput in) {}
}
