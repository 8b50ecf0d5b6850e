/** The embedded PostgreSQL store: a private server that the service starts, supervises and stops, for one node. */
@NullMarked
package io.thezone.persistence.embedded;

import org.jspecify.annotations.NullMarked;
