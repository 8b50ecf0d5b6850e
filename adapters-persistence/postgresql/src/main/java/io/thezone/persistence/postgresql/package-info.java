/** The PostgreSQL store: one row per session, changed by one autocommit statement per batch. */
@NullMarked
package io.thezone.persistence.postgresql;

import org.jspecify.annotations.NullMarked;
