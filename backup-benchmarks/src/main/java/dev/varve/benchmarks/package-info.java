/** JMH benchmarks of the parts of core that the speed of a backup hangs on. */
@NullMarked
package dev.varve.benchmarks;

import org.jspecify.annotations.NullMarked;
