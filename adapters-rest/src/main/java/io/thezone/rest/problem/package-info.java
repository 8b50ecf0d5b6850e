/** Problem details (RFC 9457), and the problem of each exception. */
@NullMarked
package io.thezone.rest.problem;

import org.jspecify.annotations.NullMarked;
