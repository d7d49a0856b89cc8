/** What is persisted: names, kinds, and the primitives all items are encoded with. */
@NullMarked
package dev.varve.internal.format;

import org.jspecify.annotations.NullMarked;
