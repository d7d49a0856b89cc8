/** Search clusters, Elasticsearch and OpenSearch, as a source and as a target. */
@NullMarked
package dev.varve.source.elasticsearch;

import org.jspecify.annotations.NullMarked;
