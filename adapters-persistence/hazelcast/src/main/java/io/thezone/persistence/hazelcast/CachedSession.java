package io.thezone.persistence.hazelcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hazelcast.nio.serialization.ByteArraySerializer;
import io.thezone.persistence.spi.StoredSession;
import java.nio.ByteBuffer;

/**
 * Serializes a {@link StoredSession} as version, format and document, for transport between members and for storage. By the
 * format, a node of another version sees whether it can read the document.
 */
final class CachedSession implements ByteArraySerializer<StoredSession> {
    private static final int TYPE = 1;

    /** Returned for bytes that this serializer did not write: no version of the service reads format 0. */
    private static final StoredSession NONE = new StoredSession(Long.MIN_VALUE, 0, "");

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
        if (bytes.length < HEAD) {
            return NONE;
        }
        ByteBuffer head = ByteBuffer.wrap(bytes);
        return new StoredSession(head.getLong(), head.getInt(), new String(bytes, HEAD, bytes.length - HEAD, UTF_8));
    }
}
