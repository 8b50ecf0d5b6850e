/** What a store and a cache must offer. */
@NullMarked
package io.thezone.persistence.spi;

import org.jspecify.annotations.NullMarked;
