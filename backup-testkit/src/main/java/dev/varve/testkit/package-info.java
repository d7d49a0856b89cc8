/** Contract tests that any store, source or target runs by extending one class. */
@NullMarked
package dev.varve.testkit;

import org.jspecify.annotations.NullMarked;
