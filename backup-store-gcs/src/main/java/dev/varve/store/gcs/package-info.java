/** Repositories in Google Cloud Storage. */
@NullMarked
package dev.varve.store.gcs;

import org.jspecify.annotations.NullMarked;
