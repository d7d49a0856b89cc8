/** Content in, chunk ids out, and back: blocks and packs. */
@NullMarked
package dev.varve.internal.chunkstore;

import org.jspecify.annotations.NullMarked;
