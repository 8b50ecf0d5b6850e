package io.thezone.domain;

/** A stream that somebody asks for: the id it would have, what it plays and how long it would live. */
public record StreamRequest(StreamId id, Attributes attributes, Lease lease) {}
