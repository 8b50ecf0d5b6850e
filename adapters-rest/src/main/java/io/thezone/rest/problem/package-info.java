/** Problem details (RFC 9457), and which one stands for what was thrown. */
@NullMarked
package io.thezone.rest.problem;

import org.jspecify.annotations.NullMarked;
