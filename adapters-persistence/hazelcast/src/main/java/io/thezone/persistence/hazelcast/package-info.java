/** The cache that all nodes of a cluster share. */
@NullMarked
package io.thezone.persistence.hazelcast;

import org.jspecify.annotations.NullMarked;
