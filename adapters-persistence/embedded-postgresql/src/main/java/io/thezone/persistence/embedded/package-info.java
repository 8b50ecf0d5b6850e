/** A private PostgreSQL that the service starts, watches and stops: for a laptop or one node. */
@NullMarked
package io.thezone.persistence.embedded;

import org.jspecify.annotations.NullMarked;
