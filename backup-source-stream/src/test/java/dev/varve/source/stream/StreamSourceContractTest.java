package dev.varve.source.stream;

import dev.varve.EntryPath;
import dev.varve.source.Source;
import dev.varve.testkit.SourceContractTest;
import java.io.ByteArrayInputStream;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;

class StreamSourceContractTest extends SourceContractTest {

  private final TreeMap<EntryPath, byte[]> held = new TreeMap<>();

  @BeforeEach
  void fill() {
    byte[] large = new byte[500_000];
    new SplittableRandom(1).nextBytes(large);
    held.put(EntryPath.of("dumps/large"), large);
    held.put(EntryPath.of("a"), new byte[] {1, 2, 3});
  }

  @Override
  protected Source source() {
    return StreamSource.of("/dumps/large", () -> stream("dumps/large")).and("a", () -> stream("a"));
  }

  private ByteArrayInputStream stream(String path) {
    return new ByteArrayInputStream(held.getOrDefault(EntryPath.of(path), new byte[0]));
  }

  @Override
  protected SortedMap<EntryPath, byte[]> contents() {
    return new TreeMap<>(held);
  }

  @Override
  protected Optional<EntryPath> change() {
    EntryPath path = EntryPath.of("dumps/large");
    byte[] changed = held.getOrDefault(path, new byte[0]).clone();
    changed[changed.length / 2]++;
    held.put(path, changed);
    return Optional.of(path);
  }

  @Override
  protected Optional<EntryPath> remove() {
    return Optional.empty();
  }
}
