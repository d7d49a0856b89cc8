/** The only threads of the engine, and how work on them is cancelled. */
@NullMarked
package dev.varve.internal.task;

import org.jspecify.annotations.NullMarked;
