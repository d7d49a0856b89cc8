package dev.varve.source.files;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A directory where names that differ in case or in how Unicode composes them are the same; needs
 * root, a loop device and a kernel that folds names on ext4. A test that asks for one where there
 * is none is skipped.
 */
record FoldingFileSystem(Path mounted) implements Closeable {

  private static final long IMAGE_BYTES = 16 << 20;

  static FoldingFileSystem mount(Path directory) throws IOException, InterruptedException {
    assumeTrue(Stat.of(directory).uid() == 0 && Tools.isInstalled("mkfs.ext4"), "needs root");
    Path image = directory.resolve("folding.image");
    try (var file =
        Files.newByteChannel(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.position(IMAGE_BYTES - 1).write(java.nio.ByteBuffer.allocate(1));
    }
    Path mounted = Files.createDirectory(directory.resolve("folding"));
    boolean made =
        Tools.tried("mkfs.ext4", "-q", "-O", "casefold", image.toString())
            && Tools.tried("mount", "-o", "loop", image.toString(), mounted.toString());
    if (made) {
      FoldingFileSystem folding = new FoldingFileSystem(mounted);
      Files.createDirectory(folding.path());
      if (Tools.tried("chattr", "+F", folding.path().toString())) {
        return folding;
      }
      folding.close();
    }
    Files.delete(image);
    Files.delete(mounted);
    assumeTrue(false, "no file system that folds names could be mounted");
    throw new IllegalStateException("skipped");
  }

  /** The directory that folds names. */
  Path path() {
    return mounted.resolve("folds");
  }

  @Override
  public void close() throws IOException {
    try {
      Tools.run("umount", mounted.toString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unmounting", interrupted);
    }
  }
}
