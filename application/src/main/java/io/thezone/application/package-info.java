/** The use cases, and {@code SessionStore}, the port through which they read and save sessions. */
package io.thezone.application;
