/** Where requests arrive and answers leave: what stands around the resources, between them and the web server. */
@NullMarked
package io.thezone.rest.edge;

import org.jspecify.annotations.NullMarked;
