/** Tests that need no cluster. */
@NullMarked
package dev.varve.source.elasticsearch;

import org.jspecify.annotations.NullMarked;
