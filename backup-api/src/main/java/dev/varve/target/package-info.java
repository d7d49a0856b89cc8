/** What a plugin that writes what was backed up implements. */
@NullMarked
package dev.varve.target;

import org.jspecify.annotations.NullMarked;
