package io.thezone.persistence.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionKeyTest {
    private final Random random = new Random(1);

    @Test
    void itsBytesMakeTheSameKeyAgain() {
        byte[] bytes = new byte[SessionKey.LENGTH];
        random.nextBytes(bytes);
        assertArrayEquals(bytes, SessionKey.of(bytes).bytes());
        assertEquals(SessionKey.of(bytes), SessionKey.of(bytes.clone()));
    }

    @Test
    void keysAreOrderedAsTheirUnsignedBytes() {
        for (int i = 0; i < 1_000; i++) {
            byte[] one = new byte[SessionKey.LENGTH];
            random.nextBytes(one);
            byte[] other = one.clone();
            other[random.nextInt(SessionKey.LENGTH)] = (byte) random.nextInt(256);
            assertEquals(
                    Integer.signum(Arrays.compareUnsigned(one, other)),
                    Integer.signum(SessionKey.of(one).compareTo(SessionKey.of(other))));
        }
    }

    @Test
    void bytesOfAnotherLengthAreNoKey() {
        assertThrows(IllegalArgumentException.class, () -> SessionKey.of(new byte[SessionKey.LENGTH - 1]));
    }
}
