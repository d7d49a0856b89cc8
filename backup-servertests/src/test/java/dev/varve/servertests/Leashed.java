package dev.varve.servertests;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Runs another program until the one that started it ends, however it ends. Needs nothing but the
 * JDK.
 */
public final class Leashed {

  private Leashed() {}

  /** Runs the class named first with the other arguments until standard input ends. */
  public static void main(String... arguments) throws Exception {
    Thread leash =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Nobody writes; only the end counts.
                }
              } catch (IOException alsoTheEnd) {
                Runtime.getRuntime().halt(2);
              }
              Runtime.getRuntime().halt(0);
            },
            "leash");
    leash.setDaemon(true);
    leash.start();
    Method main = Class.forName(arguments[0]).getMethod("main", String[].class);
    main.invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
  }
}
