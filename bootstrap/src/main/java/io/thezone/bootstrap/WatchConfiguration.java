package io.thezone.bootstrap;

/**
 * The {@code watch} section.
 *
 * @param echoSession whether a 200 repeats the session id
 */
public record WatchConfiguration(boolean echoSession) {}
