/** Servers for tests, each in a JVM of its own. */
@NullMarked
package dev.varve.testservers;

import org.jspecify.annotations.NullMarked;
