/** The vocabulary every part of Varve shares: values, options and errors. */
@NullMarked
package dev.varve;

import org.jspecify.annotations.NullMarked;
