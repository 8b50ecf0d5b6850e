/**
 * Sessions, streams and plans, and the decisions on them. Pure: no input or output, no clock, no randomness, no dependency but the
 * Java library; time is always a parameter.
 */
package io.thezone.domain;
