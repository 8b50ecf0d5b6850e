/** Alternatives that a team might write instead of the service, on the same web server with the same config.yml. */
@NullMarked
package io.thezone.benchmark.contestant;

import org.jspecify.annotations.NullMarked;
