/**
 * What a store and a cache must offer, and the engine that turns them into a {@link io.thezone.application.SessionStore}.
 */
@NullMarked
package io.thezone.persistence.spi;

import org.jspecify.annotations.NullMarked;
