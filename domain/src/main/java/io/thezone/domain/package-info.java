/**
 * Sessions, streams, quotas and their decisions. Pure: no input or output, no clock, no randomness, no dependency but the
 * Java library; time is always a parameter.
 */
package io.thezone.domain;
