/** Repositories in Amazon S3 and in servers that speak like it. */
@NullMarked
package dev.varve.store.s3;

import org.jspecify.annotations.NullMarked;
