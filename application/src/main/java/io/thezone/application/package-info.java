/** The use cases, and the port through which they keep sessions. */
package io.thezone.application;
