/**
 * The totally ordered commit records: the only truth about what the repository holds.
 *
 * <p>Pure: {@link dev.varve.internal.log.LogState#fold} says what a record does, {@link
 * dev.varve.internal.log.Conflicts} what it may not meet, {@link dev.varve.internal.log.Validity}
 * what must hold where it was computed. {@link dev.varve.internal.log.Log} reads and appends.
 */
@NullMarked
package dev.varve.internal.log;

import org.jspecify.annotations.NullMarked;
