/** The HTTP contract: resources, headers, bodies, JSON types, and one place that maps outcomes to HTTP. */
@NullMarked
package io.thezone.rest;

import org.jspecify.annotations.NullMarked;
