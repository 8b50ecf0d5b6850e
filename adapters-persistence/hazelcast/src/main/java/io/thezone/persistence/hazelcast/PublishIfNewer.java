package io.thezone.persistence.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.thezone.persistence.spi.StoredSession;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs where the entry is: two nodes may publish out of order, the newer version wins. */
final class PublishIfNewer
        implements EntryProcessor<String, StoredSession, @Nullable Void>, IdentifiedDataSerializable {
    private static final long serialVersionUID = 1L;

    private @Nullable StoredSession session;

    /** For deserialisation. */
    PublishIfNewer() {}

    PublishIfNewer(StoredSession session) {
        this.session = session;
    }

    @Override
    public @Nullable Void process(Map.Entry<String, StoredSession> entry) {
        StoredSession held = entry.getValue();
        StoredSession offered = session;
        if (offered != null && (held == null || held.version() < offered.version())) {
            entry.setValue(offered);
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
        out.writeObject(session);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        session = in.readObject();
    }
}
