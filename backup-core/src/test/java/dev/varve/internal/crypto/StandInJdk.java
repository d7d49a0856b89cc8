package dev.varve.internal.crypto;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
import javax.crypto.NoSuchPaddingException;

/**
 * Stands before the JDK's own ciphers and codes until it is closed: shows what they gave out, and
 * spoils it on request. Tests that use it run alone in their JVM, as all of this module do.
 */
final class StandInJdk extends Provider implements AutoCloseable {

  private static final long serialVersionUID = 1;
  private static final String NAME = "StandIn";
  private static final String JDK = "SunJCE";

  /** What goes wrong: nothing unless overridden. */
  interface Fault {

    /** What a cipher is given instead of {@code input}. */
    default byte[] before(String cipher, boolean encrypting, byte[] input)
        throws BadPaddingException {
      return input;
    }

    /** What a cipher or a code gives instead of {@code output}. */
    default byte[] after(String function, boolean encrypting, byte[] output) {
      return output;
    }
  }

  private final transient Fault fault;

  /** The very arrays that were handed out. */
  private final transient List<byte[]> outputs = new ArrayList<>();

  private StandInJdk(Fault fault) {
    super(NAME, "1", "stands before the JDK's own functions");
    this.fault = fault;
  }

  static StandInJdk install(Fault fault) {
    StandInJdk jdk = new StandInJdk(fault);
    jdk.serve("Mac", "HmacSHA256");
    for (String mode : List.of("ECB", "CTR", "GCM")) {
      jdk.serve("Cipher", "AES/" + mode + "/NoPadding");
    }
    if (Security.insertProviderAt(jdk, 1) != 1) {
      throw new IllegalStateException("Something stands before the JDK already");
    }
    return jdk;
  }

  List<byte[]> outputs() {
    return outputs;
  }

  @Override
  public void close() {
    Security.removeProvider(NAME);
  }

  private void serve(String type, String function) {
    putService(
        new Service(this, type, function, StandInJdk.class.getName(), null, null) {
          @Override
          public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            try {
              return type.equals("Mac") ? new Code(function) : new Sealing(function);
            } catch (GeneralSecurityException e) {
              throw new NoSuchAlgorithmException(e);
            }
          }
        });
  }

  private byte[] handOut(String function, boolean encrypting, byte[] output) {
    byte[] given = fault.after(function, encrypting, output);
    outputs.add(given);
    return given;
  }

  private final class Code extends MacSpi {

    private final Mac mac;

    Code(String function) throws GeneralSecurityException {
      mac = Mac.getInstance(function, JDK);
    }

    @Override
    protected int engineGetMacLength() {
      return mac.getMacLength();
    }

    @Override
    protected void engineInit(Key key, AlgorithmParameterSpec parameters)
        throws InvalidKeyException {
      mac.init(key);
    }

    @Override
    protected void engineUpdate(byte input) {
      mac.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int count) {
      mac.update(input, offset, count);
    }

    @Override
    protected byte[] engineDoFinal() {
      return handOut(mac.getAlgorithm(), true, mac.doFinal());
    }

    @Override
    protected void engineReset() {
      mac.reset();
    }
  }

  private final class Sealing extends CipherSpi {

    private final Cipher cipher;
    private boolean encrypting;

    Sealing(String function) throws GeneralSecurityException {
      cipher = Cipher.getInstance(function, JDK);
    }

    @Override
    protected void engineInit(
        int mode, Key key, AlgorithmParameterSpec parameters, SecureRandom random)
        throws InvalidKeyException, InvalidAlgorithmParameterException {
      encrypting = mode == Cipher.ENCRYPT_MODE;
      cipher.init(mode, key, parameters, random);
    }

    @Override
    protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
      encrypting = mode == Cipher.ENCRYPT_MODE;
      cipher.init(mode, key, random);
    }

    @Override
    protected void engineInit(
        int mode, Key key, AlgorithmParameters parameters, SecureRandom random) {
      throw new UnsupportedOperationException("Varve gives parameters as a specification");
    }

    @Override
    protected void engineUpdateAAD(byte[] associated, int offset, int count) {
      cipher.updateAAD(associated, offset, count);
    }

    @Override
    protected byte[] engineDoFinal(byte[] input, int offset, int count) throws BadPaddingException {
      byte[] plain = new byte[count];
      System.arraycopy(input, offset, plain, 0, count);
      try {
        return handOut(
            cipher.getAlgorithm(),
            encrypting,
            cipher.doFinal(fault.before(cipher.getAlgorithm(), encrypting, plain)));
      } catch (BadPaddingException e) {
        throw e;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    protected int engineDoFinal(byte[] input, int offset, int count, byte[] output, int at)
        throws BadPaddingException {
      byte[] result = engineDoFinal(input, offset, count);
      System.arraycopy(result, 0, output, at, result.length);
      return result.length;
    }

    @Override
    protected int engineGetOutputSize(int inputBytes) {
      return cipher.getOutputSize(inputBytes);
    }

    @Override
    protected int engineGetBlockSize() {
      return cipher.getBlockSize();
    }

    @Override
    protected byte[] engineGetIV() {
      return cipher.getIV();
    }

    @Override
    protected AlgorithmParameters engineGetParameters() {
      return cipher.getParameters();
    }

    @Override
    protected byte[] engineUpdate(byte[] input, int offset, int count) {
      throw new UnsupportedOperationException("Varve gives the whole input at once");
    }

    @Override
    protected int engineUpdate(byte[] input, int offset, int count, byte[] output, int at) {
      throw new UnsupportedOperationException("Varve gives the whole input at once");
    }

    @Override
    protected void engineSetMode(String mode) throws NoSuchAlgorithmException {
      throw new NoSuchAlgorithmException(mode);
    }

    @Override
    protected void engineSetPadding(String padding) throws NoSuchPaddingException {
      throw new NoSuchPaddingException(padding);
    }
  }
}
