package io.thezone.persistence.hazelcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hazelcast.nio.serialization.ByteArraySerializer;
import io.thezone.persistence.spi.StoredSession;
import java.nio.ByteBuffer;

/**
 * How a {@link StoredSession} travels between members and lies in their memory: the version, the format, the document. It is
 * the format that tells nodes of different versions whether they understand the document.
 */
final class CachedSession implements ByteArraySerializer<StoredSession> {
    private static final int TYPE = 1;
    private static final int HEAD = Long.BYTES + Integer.BYTES;

    @Override
    public int getTypeId() {
        return TYPE;
    }

    @Override
    public byte[] write(StoredSession session) {
        byte[] document = session.document().getBytes(UTF_8);
        return ByteBuffer.allocate(HEAD + document.length)
                .putLong(session.version())
                .putInt(session.format())
                .put(document)
                .array();
    }

    @Override
    public StoredSession read(byte[] bytes) {
        ByteBuffer head = ByteBuffer.wrap(bytes);
        return new StoredSession(head.getLong(), head.getInt(), new String(bytes, HEAD, bytes.length - HEAD, UTF_8));
    }
}
