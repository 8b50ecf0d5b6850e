/** The rules that every store and every cache is held to, as tests. */
@NullMarked
package io.thezone.persistence.contract;

import org.jspecify.annotations.NullMarked;
