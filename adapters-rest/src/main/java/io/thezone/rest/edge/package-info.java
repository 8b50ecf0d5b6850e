/** The layer between the web server and the resources: gates, paths, bodies, the way past Jersey, slow clients. */
@NullMarked
package io.thezone.rest.edge;

import org.jspecify.annotations.NullMarked;
