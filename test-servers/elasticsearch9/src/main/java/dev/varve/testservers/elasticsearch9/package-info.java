/** One node for tests. */
@NullMarked
package dev.varve.testservers.elasticsearch9;

import org.jspecify.annotations.NullMarked;
