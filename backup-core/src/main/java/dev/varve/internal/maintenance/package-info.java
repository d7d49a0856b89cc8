/** Looking after a repository: checking it. */
@NullMarked
package dev.varve.internal.maintenance;

import org.jspecify.annotations.NullMarked;
