package io.thezone.domain;

/** An attribute that a rule requires and a stream lacks. */
public record MissingAttribute(String rule, String attribute) {}
