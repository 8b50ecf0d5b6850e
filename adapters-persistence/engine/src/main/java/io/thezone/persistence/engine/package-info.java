/** Group commit: turns a store and a cache into a {@link io.thezone.application.SessionStore}. */
@NullMarked
package io.thezone.persistence.engine;

import org.jspecify.annotations.NullMarked;
