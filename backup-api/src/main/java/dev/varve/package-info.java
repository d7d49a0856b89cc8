/**
 * The vocabulary of Varve: what a backup consists of, what one may ask for, and what can go wrong.
 */
@NullMarked
package dev.varve;

import org.jspecify.annotations.NullMarked;
