package dev.varve.examples.cli;

import java.security.GeneralSecurityException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Loads ciphers and native code that nearly every command needs, on a second processor while the
 * arguments are still being read: it takes as long. Used by one thread. Changes nothing that is
 * done afterwards, and leaves what goes wrong to whoever needs it.
 */
final class Warming implements Runnable {

  private static final Set<String> LIGHT = Set.of("version", "--help", "-h", "--version");

  private final boolean files;

  private Warming(boolean files) {
    this.files = files;
  }

  /** Begins, if the arguments ask for anything. */
  static void begin(String... arguments) {
    List<String> given = List.of(arguments);
    if (given.isEmpty() || !Collections.disjoint(given, LIGHT)) {
      return;
    }
    boolean files = given.contains("backup") || given.contains("restore");
    Thread thread = new Thread(new Warming(files), "varve-warming");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
      byte[] key = mac.doFinal(new byte[1]);
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new GCMParameterSpec(128, new byte[12]));
      byte[] unused = cipher.doFinal(new byte[1]);
      if (files && Runtime.version().feature() < 22) {
        Class.forName("com.sun.jna.Native");
      }
      Class.forName("com.github.luben.zstd.Zstd");
    } catch (GeneralSecurityException | ClassNotFoundException | LinkageError missing) {
      // The command itself will meet this, if it matters to it, and say what it means.
    }
  }
}
