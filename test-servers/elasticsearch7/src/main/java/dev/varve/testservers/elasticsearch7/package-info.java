/** One node for tests. */
@NullMarked
package dev.varve.testservers.elasticsearch7;

import org.jspecify.annotations.NullMarked;
