package dev.varve.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.internal.format.FuzzTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every decoder takes bytes that somebody made who wants it to fail: it gives a value or an {@code
 * IOException}, soon, and takes no memory to speak of.
 */
class FuzzTest {

  private static final int NORMAL_SECONDS = 15;
  private static final int DEEP_SECONDS = Integer.getInteger("varve.fuzz.seconds", 120);

  private final Random random = Seeds.random(FuzzTest.class);

  @TempDir Path work;

  @Test
  void validBytes_changedAtRandom_neverFailOtherwise() {
    long end = Seeds.end();
    long tried = 0;
    for (int round = 0; round < 20 || System.nanoTime() < end; round++) {
      for (FuzzTarget target : FuzzMain.TARGETS) {
        for (byte[] seed : target.seeds()) {
          byte[] changed = changed(seed);
          try {
            FuzzMain.run(target, changed);
          } catch (RuntimeException | Error e) {
            throw new AssertionError(target + " failed on " + HexFormat.of().formatHex(changed), e);
          }
          tried++;
        }
      }
    }
    System.out.println(tried + " inputs for " + FuzzMain.TARGETS.size() + " decoders");
  }

  @Test
  void seeds_areMostlyTaken() {
    List<FuzzTarget> refusing = new ArrayList<>();
    for (FuzzTarget target : FuzzMain.TARGETS) {
      if (target.seeds().stream().noneMatch(seed -> FuzzMain.run(target, seed))) {
        refusing.add(target);
      }
    }
    // Those refer to what is not there, or are cut off on purpose.
    assertTrue(refusing.size() <= FuzzMain.TARGETS.size() / 2, refusing.toString());
  }

  @Test
  void guidedByCoverage_allDecoders() throws Exception {
    fuzz("", NORMAL_SECONDS);
  }

  @Test
  @Tag("deep")
  void guidedByCoverage_eachDecoder() throws Exception {
    for (FuzzTarget target : FuzzMain.TARGETS) {
      fuzz(target.name(), DEEP_SECONDS);
    }
  }

  /** Runs Jazzer, which stops at the first failure and tells of it. */
  private void fuzz(String target, int seconds) throws Exception {
    Path corpus = Files.createDirectories(work.resolve("corpus" + target));
    writeSeeds(target, corpus);
    Path said = work.resolve("said" + target);
    Process jazzer =
        Child.start(
            "com.code_intelligence.jazzer.Jazzer",
            List.of(
                "-Xmx768m",
                "-XX:+UseSerialGC",
                // Else it starts another process to attach its agent, and waits for that.
                "-Djdk.attach.allowAttachSelf=true",
                "-Dvarve.fuzz.target=" + target),
            List.of(
                "--target_class=" + FuzzMain.class.getName(),
                "--instrumentation_includes=dev.varve.**",
                "--custom_hook_includes=dev.varve.**",
                "--reproducer_path=" + work,
                "-artifact_prefix=" + work + "/",
                "-max_total_time=" + seconds,
                "-timeout=300",
                "-rss_limit_mb=3000",
                "-max_len=60000",
                "-print_final_stats=1",
                corpus.toString()),
            said);
    try {
      int result = jazzer.waitFor();
      assertEquals(0, result, () -> "Jazzer found something" + told(said, "==|\\s+at |Base64.*"));
      System.out.println("Jazzer " + target + told(said, "stat::.*|#.*DONE.*"));
    } finally {
      jazzer.destroyForcibly();
    }
  }

  /** The lines that matter. */
  private static String told(Path said, String wanted) {
    try (Stream<String> lines = Files.lines(said)) {
      return lines
          .filter(line -> line.matches("(" + wanted + ").*"))
          .collect(Collectors.joining("\n  ", "\n  ", ""));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void writeSeeds(String chosen, Path corpus) throws IOException {
    for (int number = 0; number < FuzzMain.TARGETS.size(); number++) {
      FuzzTarget target = FuzzMain.TARGETS.get(number);
      for (int i = 0; i < target.seeds().size(); i++) {
        byte[] seed = target.seeds().get(i);
        if (chosen.isEmpty()) {
          byte[] numbered = new byte[seed.length + 1];
          numbered[0] = (byte) number;
          System.arraycopy(seed, 0, numbered, 1, seed.length);
          Files.write(corpus.resolve(target + "-" + i), numbered);
        } else if (target.name().equals(chosen)) {
          Files.write(corpus.resolve(target + "-" + i), seed);
        }
      }
    }
  }

  /** A few bytes changed, set to extremes, left out, put in or put together otherwise. */
  private byte[] changed(byte[] seed) {
    byte[] bytes = seed.clone();
    for (int n = random.nextInt(4); n >= 0 && bytes.length > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 9), (byte) 0xff);
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(20));
        default -> {
          int other = random.nextInt(bytes.length);
          int count = random.nextInt(Math.min(50, bytes.length - Math.max(at, other)));
          System.arraycopy(bytes, at, bytes, other, count);
        }
      }
    }
    return bytes;
  }
}
