/** Tests of what verbs tell. */
@NullMarked
package dev.varve.internal.task;

import org.jspecify.annotations.NullMarked;
