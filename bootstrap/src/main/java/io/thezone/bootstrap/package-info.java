/** Puts the parts together: configuration, health, the runnable service. */
@NullMarked
package io.thezone.bootstrap;

import org.jspecify.annotations.NullMarked;
