package dev.varve.servertests;

import dev.varve.key.KeyFile;
import dev.varve.repository.Repository;
import dev.varve.repository.RepositoryOptions;
import dev.varve.store.s3.S3Store;
import dev.varve.testkit.MemorySource;

/** A process that backs up so many bytes to a server, with as little memory as it was given. */
final class S3Uploader {

  private S3Uploader() {}

  /** Arguments: endpoint, bucket, megabytes. */
  public static void main(String... arguments) {
    S3Store store =
        S3Store.builder()
            .bucket(arguments[1], "uploads")
            .endpoint(arguments[0])
            .pathStyleAccess(true)
            .credentials(TestServer.ACCESS_KEY, TestServer.SECRET_KEY)
            .build();
    RepositoryOptions options =
        RepositoryOptions.builder().withoutCache().withoutState().parallelism(2).build();
    MemorySource source = new MemorySource();
    for (int i = 0; i < Integer.parseInt(arguments[2]) / 32; i++) {
      source.file("file-" + i, 32_000_000L, i);
    }
    try (Repository repository = Repository.create(store, KeyFile.generate(), options)) {
      System.out.println(repository.backup(source).statistics().storedBytes());
    }
  }
}
