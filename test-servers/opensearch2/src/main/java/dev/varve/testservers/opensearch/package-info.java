/** One node for tests. */
@NullMarked
package dev.varve.testservers.opensearch;

import org.jspecify.annotations.NullMarked;
