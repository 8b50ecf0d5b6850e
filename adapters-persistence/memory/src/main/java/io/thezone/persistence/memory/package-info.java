/** The reference store: what the contract means, in the memory of one process. */
@NullMarked
package io.thezone.persistence.memory;

import org.jspecify.annotations.NullMarked;
