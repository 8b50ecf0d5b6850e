package io.thezone.persistence.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.thezone.persistence.spi.StoredSession;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs where the entries are: two nodes may publish out of order, the newer version wins. */
final class PublishIfNewer
        implements EntryProcessor<String, StoredSession, @Nullable Void>, IdentifiedDataSerializable {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, StoredSession> offered;

    /** For deserialisation. */
    PublishIfNewer() {
        this(new HashMap<>());
    }

    PublishIfNewer(Map<String, StoredSession> offered) {
        this.offered = offered;
    }

    @Override
    public @Nullable Void process(Map.Entry<String, StoredSession> entry) {
        StoredSession held = entry.getValue();
        StoredSession newer = offered.get(entry.getKey());
        if (newer != null && (held == null || held.version() < newer.version())) {
            entry.setValue(newer);
        }
        return null;
    }

    @Override
    public int getFactoryId() {
        return HazelcastSessionCache.SERIALIZER_FACTORY;
    }

    @Override
    public int getClassId() {
        return HazelcastSessionCache.PUBLISH_IF_NEWER;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeInt(offered.size());
        for (Map.Entry<String, StoredSession> session : offered.entrySet()) {
            out.writeString(session.getKey());
            out.writeObject(session.getValue());
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            offered.put(in.readString(), in.readObject());
        }
    }
}
