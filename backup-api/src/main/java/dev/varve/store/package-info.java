/** What a plugin for a place where bytes rest implements. */
@NullMarked
package dev.varve.store;

import org.jspecify.annotations.NullMarked;
