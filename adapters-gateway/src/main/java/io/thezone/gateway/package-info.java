/** What gateways ask, in plain values: who the viewer is, which stream is meant, and the words in which they get the reason. */
@NullMarked
package io.thezone.gateway;

import org.jspecify.annotations.NullMarked;
