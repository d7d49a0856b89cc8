/**
 * Repositories of each format version that every later software must read, and how they are made.
 */
@NullMarked
package dev.varve.golden;

import org.jspecify.annotations.NullMarked;
