/** One node for tests. */
@NullMarked
package dev.varve.testservers.elasticsearch8;

import org.jspecify.annotations.NullMarked;
