/** One node for tests. */
@NullMarked
package dev.varve.testservers.opensearch2;

import org.jspecify.annotations.NullMarked;
