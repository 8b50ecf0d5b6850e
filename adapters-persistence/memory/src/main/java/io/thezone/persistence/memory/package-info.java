/** The memory store, which is the simplest implementation of the contract. */
@NullMarked
package io.thezone.persistence.memory;

import org.jspecify.annotations.NullMarked;
