/** Builds the runnable service from its parts: configuration, commands, health, logs and limits. */
@NullMarked
package io.thezone.bootstrap;

import org.jspecify.annotations.NullMarked;
