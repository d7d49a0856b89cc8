package dev.varve.source.elasticsearch;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes JSON of every shape: deep, with odd names, and with numbers no machine type can hold. */
final class JsonTexts {

  private static final List<String> SCALARS =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0",
          "-0.0",
          "1.50",
          "1e400",
          "-12345678901234567890123456789.000100",
          "1E-7",
          "9223372036854775808",
          "\"\"",
          "\"plain\"",
          "\"\\u00e4\\/\\b\"",
          "\"\u00e4 \uD83D\uDE00 // no comment { [ , \\\" \\\\\"",
          "\"\\ud83d\\ude00\\n\"");

  private final RandomGenerator random;

  JsonTexts(RandomGenerator random) {
    this.random = random;
  }

  /** A value without spaces, up to so many levels deep. */
  String value(int levels) {
    int shape = levels == 0 ? 0 : random.nextInt(4);
    return switch (shape) {
      case 1 -> object(levels);
      case 2 -> "[" + String.join(",", values(levels)) + "]";
      default -> SCALARS.get(random.nextInt(SCALARS.size()));
    };
  }

  /** An object without spaces, up to so many levels deep, its names all different. */
  String object(int levels) {
    List<String> fields = new ArrayList<>();
    int number = 0;
    for (String value : values(levels)) {
      String name =
          number == 0
              ? ""
              : number + List.of("a", "\\u00e4", "\uD83D\uDE00", "\\\"}").get(random.nextInt(4));
      fields.add("\"" + name + "\":" + value);
      number++;
    }
    return "{" + String.join(",", fields) + "}";
  }

  private List<String> values(int levels) {
    List<String> values = new ArrayList<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      values.add(value(levels - 1));
    }
    return values;
  }
}
