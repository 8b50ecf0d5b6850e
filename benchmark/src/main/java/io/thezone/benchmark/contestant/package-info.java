/** What a team would write instead of the service, on the same web server, configured by the same config.yml. */
@NullMarked
package io.thezone.benchmark.contestant;

import org.jspecify.annotations.NullMarked;
