/** Looking after a repository: checking, repairing, forgetting, pruning. */
@NullMarked
package dev.varve.internal.maintenance;

import org.jspecify.annotations.NullMarked;
