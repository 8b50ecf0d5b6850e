package io.thezone.application;

import io.thezone.domain.Lease;
import io.thezone.domain.StreamQuota;

/** The terms on which streams are granted. */
public record StreamTerms(StreamQuota quota, Lease lease) {}
