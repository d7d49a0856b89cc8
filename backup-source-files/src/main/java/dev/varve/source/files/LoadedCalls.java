package dev.varve.source.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The system calls as they could be loaded here: by the JDK, by JNA, or not at all. Loaded when it
 * is first asked for.
 *
 * @param calls all calls, if this platform has them
 * @param lack why there is nothing, and what to do
 */
record LoadedCalls(Optional<SystemCalls> calls, String lack) {

  private static final LoadedCalls HERE = load();

  /** What was found when it was first asked for. */
  static LoadedCalls here() {
    return HERE;
  }

  private static LoadedCalls load() {
    if (!SystemCalls.areMissed() || !"64".equals(System.getProperty("sun.arch.data.model", "64"))) {
      return lacking("there are no calls for this platform");
    }
    if (Runtime.version().feature() >= ForeignBinding.FIRST_JDK) {
      try {
        return tried(new ForeignBinding());
      } catch (ReflectiveOperationException | RuntimeException | LinkageError refused) {
        return byJna(" (the JDK's own way: " + refused + ")");
      }
    }
    return byJna("");
  }

  private static LoadedCalls byJna(String before) {
    try {
      return tried(new JnaBinding());
    } catch (NoClassDefFoundError absent) {
      return lacking("add net.java.dev.jna:jna to the class path or run on JDK 22" + before);
    } catch (VirtualMachineError fatal) {
      throw fatal;
    } catch (RuntimeException | Error refused) {
      // JNA throws a plain Error where it finds a library of another version.
      return lacking("JNA cannot load its library: " + refused.getMessage() + before);
    }
  }

  private static LoadedCalls lacking(String what) {
    return new LoadedCalls(Optional.empty(), what);
  }

  /** A binding that was used once without harm. */
  private static LoadedCalls tried(NativeBinding binding) {
    SystemCalls calls = new SystemCalls(binding);
    Spot root = Spot.at(Path.of("/"));
    try {
      List<byte[]> unused = calls.attributeNames(root);
    } catch (IOException refused) {
      // A refusal is an answer: the call works.
      return new LoadedCalls(Optional.of(calls), "");
    }
    return new LoadedCalls(Optional.of(calls), "");
  }
}
