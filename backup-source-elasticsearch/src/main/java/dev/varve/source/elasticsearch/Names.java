package dev.varve.source.elasticsearch;

import dev.varve.EntryPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Where things lie in a snapshot. A name that the cluster gave becomes one step of a path: slashes,
 * percent signs and control characters in it become {@code %HH}.
 */
final class Names {

  static final String INDICES = "indices/";
  static final String STREAMS = "data-streams/";
  static final String STREAM = "data-stream.json";
  static final String DOCUMENTS = "documents/";

  private Names() {}

  /** A name as one step of a path. */
  static String step(String name) {
    StringBuilder out = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '/' || c == '%' || c < ' ' || c == 0x7f) {
        out.append("%%%02X".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** The name of a step. */
  static String name(String step) {
    byte[] bytes = step.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%' && i + 2 < bytes.length) {
        out.write(Character.digit(bytes[i + 1], 16) << 4 | Character.digit(bytes[i + 2], 16));
        i += 2;
      } else {
        out.write(bytes[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * Whether this can only be the name of one index, alias or data stream, never a pattern, a list,
   * an expression or a part of the cluster's own language.
   */
  static boolean isOfOneThing(String name) {
    return !name.isEmpty()
        && "_-+".indexOf(name.charAt(0)) < 0
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().noneMatch(c -> c <= ' ' || c == 0x7f || "*?\"<>|,#/\\:".indexOf(c) >= 0);
  }

  static EntryPath ofIndex(IndexFacts index, String rest) {
    String above =
        index.stream().isPresent()
            ? STREAMS + step(index.stream().get()) + "/" + step(index.name())
            : INDICES + step(index.name());
    return EntryPath.of(above + "/" + rest);
  }
}
