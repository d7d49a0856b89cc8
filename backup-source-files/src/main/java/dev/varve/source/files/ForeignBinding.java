package dev.varve.source.files;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls by the foreign function interface of JDK 22, reached by reflection because this is compiled
 * for JDK 17. Addresses are passed as numbers, so that none of its types is needed for a call. Safe
 * for use by many threads.
 */
final class ForeignBinding implements NativeBinding {

  /** The first JDK where the interface is not a preview. */
  static final int FIRST_JDK = 22;

  private static final String PACKAGE = "java.lang.foreign.";

  /** More than the error number takes. */
  private static final int STATE_BYTES = 64;

  private final Object linker;
  private final Object symbols;
  private final Method find;
  private final Method downcall;
  private final Method descriptor;
  private final Object number;
  private final Object options;
  private final MethodHandle segment;
  private final MethodHandle address;
  private final Map<LinuxCall, MethodHandle> handles = new ConcurrentHashMap<>();
  private final ThreadLocal<State> states = ThreadLocal.withInitial(this::state);

  /** Where the error number of a thread's last call is kept. */
  private record State(Object segment, ByteBuffer bytes) {}

  ForeignBinding() throws ReflectiveOperationException {
    Class<?> linkerType = Class.forName(PACKAGE + "Linker");
    Class<?> optionType = Class.forName(PACKAGE + "Linker$Option");
    Class<?> segmentType = Class.forName(PACKAGE + "MemorySegment");
    Class<?> layoutType = Class.forName(PACKAGE + "MemoryLayout");
    Class<?> descriptorType = Class.forName(PACKAGE + "FunctionDescriptor");
    Class<?> lookupType = Class.forName(PACKAGE + "SymbolLookup");
    linker = linkerType.getMethod("nativeLinker").invoke(null);
    symbols = linkerType.getMethod("defaultLookup").invoke(linker);
    find = lookupType.getMethod("find", String.class);
    options = Array.newInstance(optionType, 1);
    Object errno =
        optionType
            .getMethod("captureCallState", String[].class)
            .invoke(null, (Object) new String[] {"errno"});
    Array.set(options, 0, errno);
    downcall =
        linkerType.getMethod("downcallHandle", segmentType, descriptorType, options.getClass());
    number = Class.forName(PACKAGE + "ValueLayout").getField("JAVA_LONG").get(null);
    descriptor = descriptorType.getMethod("of", layoutType, layoutType.arrayType());
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    segment =
        lookup
            .unreflect(segmentType.getMethod("ofBuffer", Buffer.class))
            .asType(MethodType.methodType(Object.class, ByteBuffer.class));
    address =
        lookup
            .unreflect(segmentType.getMethod("address"))
            .asType(MethodType.methodType(long.class, Object.class));
  }

  @Override
  public long call(LinuxCall call, long a, long b, long c, long d, long e) {
    MethodHandle known = handles.get(call);
    MethodHandle handle = known == null ? link(call) : known;
    State state = states.get();
    long result;
    try {
      result = (long) handle.invokeExact(state.segment, a, b, c, d, e);
    } catch (Throwable impossible) {
      throw new IllegalStateException("Calling " + call.symbol() + " failed", impossible);
    }
    long checked = call.result(result);
    return checked < 0 ? -state.bytes.getInt(0) : checked;
  }

  @Override
  public long address(ByteBuffer direct) {
    try {
      return (long) address.invokeExact((Object) segment.invokeExact(direct));
    } catch (Throwable impossible) {
      throw new IllegalStateException("A buffer has no address", impossible);
    }
  }

  private MethodHandle link(LinuxCall call) {
    try {
      Optional<?> symbol = (Optional<?>) find.invoke(symbols, call.symbol());
      Object arguments = Array.newInstance(descriptor.getParameterTypes()[0], call.arguments());
      for (int i = 0; i < call.arguments(); i++) {
        Array.set(arguments, i, number);
      }
      MethodHandle exact =
          (MethodHandle)
              downcall.invoke(
                  linker,
                  symbol.orElseThrow(() -> new UnsatisfiedLinkError(call.symbol())),
                  descriptor.invoke(null, number, arguments),
                  options);
      Class<?>[] unused = new Class<?>[LinuxCall.MOST_ARGUMENTS - call.arguments()];
      Arrays.fill(unused, long.class);
      MethodType all =
          MethodType.methodType(
              long.class, Object.class, long.class, long.class, long.class, long.class, long.class);
      MethodHandle handle =
          MethodHandles.dropArguments(exact, call.arguments() + 1, unused).asType(all);
      handles.put(call, handle);
      return handle;
    } catch (ReflectiveOperationException refused) {
      throw new IllegalStateException("Linking " + call.symbol() + " failed", refused);
    }
  }

  private State state() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(STATE_BYTES).order(ByteOrder.nativeOrder());
    try {
      return new State((Object) segment.invokeExact(bytes), bytes);
    } catch (Throwable impossible) {
      throw new IllegalStateException("A buffer is no segment", impossible);
    }
  }
}
