/** {@code /health}, for load balancers. */
@NullMarked
package io.thezone.rest.health;

import org.jspecify.annotations.NullMarked;
