package io.thezone.persistence.hazelcast;

import com.hazelcast.nio.serialization.compact.CompactReader;
import com.hazelcast.nio.serialization.compact.CompactSerializer;
import com.hazelcast.nio.serialization.compact.CompactWriter;
import io.thezone.persistence.spi.StoredSession;

/** How a {@link StoredSession} travels between members: schema and all, so that nodes of different versions understand it. */
final class CachedSession implements CompactSerializer<StoredSession> {
    @Override
    public StoredSession read(CompactReader reader) {
        return new StoredSession(
                reader.readInt64("version"), reader.readInt32("format"), String.valueOf(reader.readString("document")));
    }

    @Override
    public void write(CompactWriter writer, StoredSession session) {
        writer.writeInt64("version", session.version());
        writer.writeInt32("format", session.format());
        writer.writeString("document", session.document());
    }

    @Override
    public String getTypeName() {
        return "session";
    }

    @Override
    public Class<StoredSession> getCompactClass() {
        return StoredSession.class;
    }
}
