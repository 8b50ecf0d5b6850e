/** Envoy's {@code ext_authz} over gRPC. */
@NullMarked
package io.thezone.grpc;

import org.jspecify.annotations.NullMarked;
