package dev.varve.servertests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.servertests.Wire.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** While more is uploaded than there is memory, to a server slower than the source. */
class S3MemoryTest {

  private static final int MEGABYTES = Boolean.getBoolean("varve.deep") ? 4096 : 192;

  @Test
  void backup_ofMoreThanTheMemory_uploadsItAllWithinIt() throws Exception {
    TestServer server = TestServer.s3Proxy();
    try (Wire wire = new Wire(server.endpoint())) {
      // Packs of random bytes are not looked at again; the server need not keep them.
      wire.spoil(
          request ->
              request.method().equals("PUT") && request.path().contains("/packs/")
                  ? Fault.SWALLOW
                  : Fault.NONE);
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      // 64 MiB of packs, as docs/architecture.md says, and what the libraries take.
      command.addAll(List.of("-Xmx80m", "-XX:MaxDirectMemorySize=68m", "-XX:+UseSerialGC"));
      command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
      command.add(
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
      command.addAll(List.of(Leashed.class.getName(), S3Uploader.class.getName()));
      command.addAll(List.of(wire.endpoint(), server.newBucket(), "" + MEGABYTES));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertEquals(0, process.waitFor(), said);
      assertTrue(wire.bytes() > MEGABYTES * 900_000L, wire.bytes() + " bytes: " + said);
    }
  }
}
