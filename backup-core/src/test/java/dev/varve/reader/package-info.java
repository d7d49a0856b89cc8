/**
 * A second reader of repositories, written from {@code docs/format.md} alone. It shares no class
 * with the library, so that what the page says is proven to be enough, and what both read is not
 * one mistake made twice.
 */
@NullMarked
package dev.varve.reader;

import org.jspecify.annotations.NullMarked;
