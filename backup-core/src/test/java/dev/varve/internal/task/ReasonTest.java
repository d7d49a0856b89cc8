package dev.varve.internal.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ReasonTest {

  @Test
  void of_barePathOfTheJdks_saysWhatHappenedToIt() {
    assertEquals("/a b may not be accessed", Reason.of(new AccessDeniedException("/a b")));
    assertEquals("/a does not exist", Reason.of(new NoSuchFileException("/a")));
    assertEquals("/a exists already", Reason.of(new FileAlreadyExistsException("/a")));
  }

  @Test
  void of_failureThatIsExplained_isLeftAsItIs() {
    assertEquals(
        "/a: is gone; look", Reason.of(new NoSuchFileException("/a", null, "is gone; look")));
    AccessDeniedException whole = new AccessDeniedException("Cannot read config: not permitted");
    whole.initCause(new IOException("403"));
    assertEquals("Cannot read config: not permitted", Reason.of(whole));
  }

  @Test
  void of_messageThatIsNoSentence_isNamedByItsClass() {
    assertEquals("UnknownHostException: db-1", Reason.of(new UnknownHostException("db-1")));
    assertEquals("EOFException", Reason.of(new EOFException()));
    assertEquals("broken", Reason.of(new IOException("broken")));
  }

  @Test
  void alone_leavesThePathToWhoNamesIt() {
    assertEquals("it may not be accessed", Reason.alone(new AccessDeniedException("/a")));
    assertEquals(
        "No space left on device",
        Reason.alone(new FileSystemException("/a", null, "No space left on device")));
  }
}
