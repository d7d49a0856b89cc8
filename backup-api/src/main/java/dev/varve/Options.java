package dev.varve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Named settings as a user typed them, read by a provider, which then calls {@link #allRead()}:
 * what nobody read is an error that names the nearest known name. Names are kebab-case. Used by one
 * thread. Prints names only, never values.
 */
public final class Options {

  private final String about;
  private final Map<String, List<String>> values = new TreeMap<>();
  private final TreeSet<String> known = new TreeSet<>();

  private Options(String about) {
    this.about = about;
  }

  /** No options, for what is called {@code about} in messages, e.g. {@code s3}. */
  public static Options none(String about) {
    return new Options(about);
  }

  /** Options for {@code about}; a name may have several values. */
  public static Options of(String about, Map<String, List<String>> values) {
    Options options = new Options(about);
    values.forEach((name, list) -> options.values.put(name, List.copyOf(list)));
    return options;
  }

  /**
   * The value of {@code name}.
   *
   * @throws ConfigurationException if it was given more than once
   */
  public Optional<String> find(String name) {
    List<String> list = all(name);
    if (list.size() > 1) {
      throw new ConfigurationException(
          "Option '"
              + name
              + "' for "
              + about
              + " is given "
              + list.size()
              + " times; give it once");
    }
    return list.stream().findFirst();
  }

  /** All values of {@code name} in the order given. */
  public List<String> all(String name) {
    known.add(name);
    return values.getOrDefault(name, List.of());
  }

  /**
   * The value of {@code name}.
   *
   * @throws ConfigurationException if it was not given, or more than once
   */
  public String required(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "Option '" + name + "' for " + about + " is missing; add it"));
  }

  /**
   * Whether {@code name} is {@code true}; {@code absent} where it is not given.
   *
   * @throws ConfigurationException if it is neither true nor false
   */
  public boolean flag(String name, boolean absent) {
    return find(name)
        .map(
            value ->
                switch (value) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw unusable(name, "true or false");
                })
        .orElse(absent);
  }

  /**
   * The whole number {@code name}; {@code absent} where it is not given.
   *
   * @throws ConfigurationException if it is no number from {@code least} to {@code most}
   */
  public int number(String name, int absent, int least, int most) {
    Optional<String> value = find(name);
    if (value.isEmpty()) {
      return absent;
    }
    try {
      int number = Integer.parseInt(value.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw unusable(name, "a number from " + least + " to " + most);
    }
    throw unusable(name, "a number from " + least + " to " + most);
  }

  /**
   * Fails if an option was given that nobody asked for.
   *
   * @throws ConfigurationException naming it and the nearest known name
   */
  public void allRead() {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        String nearest = nearest(name).map(n -> "; did you mean '" + n + "'?").orElse("");
        throw new ConfigurationException(
            "Unknown option '"
                + name
                + "' for "
                + about
                + (nearest.isEmpty() ? "; known are " + known : nearest));
      }
    }
  }

  @Override
  public String toString() {
    return "options " + new ArrayList<>(values.keySet()) + " for " + about;
  }

  private ConfigurationException unusable(String name, String expected) {
    return new ConfigurationException(
        "Option '" + name + "' for " + about + " must be " + expected);
  }

  private Optional<String> nearest(String name) {
    String best = "";
    int least = Math.max(2, name.length() / 2) + 1;
    for (String candidate : known) {
      int distance = distance(name, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  /** Levenshtein's distance: how many characters to insert, remove or replace. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
