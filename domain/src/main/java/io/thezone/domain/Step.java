package io.thezone.domain;

/**
 * One step of a session: what it becomes and what that means to whoever asked.
 *
 * @param next the very instance the step began with when nothing changes
 */
public record Step<R>(Session next, R outcome) {}
