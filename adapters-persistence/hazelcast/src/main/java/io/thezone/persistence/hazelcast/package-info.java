/** The Hazelcast cache, which the nodes of a cluster can share. */
@NullMarked
package io.thezone.persistence.hazelcast;

import org.jspecify.annotations.NullMarked;
