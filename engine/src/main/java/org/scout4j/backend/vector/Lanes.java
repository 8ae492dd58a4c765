package org.scout4j.backend.vector;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The width of the vectors. The compiler turns vector code into instructions only where the species
 * is a constant, so each kernel class has its species in a static final field. To run another width
 * than the machine's own in the same process (tests do), {@link #kernels} defines the class a
 * second time with the width as its class data.
 */
final class Lanes {
    static final int NARROWEST = 128;
    static final int WIDEST = 512;

    private Lanes() {}

    /** Bits of the widest vectors that this machine computes in hardware, within our range. */
    static int preferredBits() {
        int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        return Math.clamp(Integer.highestOneBit(bits), NARROWEST, WIDEST);
    }

    /** The float species of a kernel class, called in its static initialiser. */
    static VectorSpecies<Float> floats(Lookup kernel) {
        try {
            Integer bits =
                    MethodHandles.classData(kernel, ConstantDescs.DEFAULT_NAME, Integer.class);
            return species(float.class, bits == null ? preferredBits() : bits);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As many ints as {@code floats} has lanes. */
    static VectorSpecies<Integer> ints(VectorSpecies<Float> floats) {
        return species(int.class, floats.vectorBitSize());
    }

    /** As many shorts as {@code floats} has lanes. */
    static VectorSpecies<Short> shorts(VectorSpecies<Float> floats) {
        return species(short.class, floats.vectorBitSize() / 2);
    }

    /** As many bytes as {@code floats} has lanes, but eight at least: the narrowest vector. */
    static VectorSpecies<Byte> bytes(VectorSpecies<Float> floats) {
        return species(byte.class, Math.max(64, floats.vectorBitSize() / 4));
    }

    /** 32 bytes, the weights of a group, or half of them where vectors are shorter. */
    static VectorSpecies<Byte> wideBytes(VectorSpecies<Float> floats) {
        return species(byte.class, Math.min(256, floats.vectorBitSize()));
    }

    /** As many shorts as {@link #wideBytes} has pairs of bytes. */
    static VectorSpecies<Short> wideShorts(VectorSpecies<Float> floats) {
        return species(short.class, wideBytes(floats).vectorBitSize());
    }

    /** Half as many bytes as {@link #wideBytes}. */
    static VectorSpecies<Byte> packedBytes(VectorSpecies<Float> floats) {
        return species(byte.class, wideBytes(floats).vectorBitSize() / 2);
    }

    private static <E> VectorSpecies<E> species(Class<E> element, int bits) {
        return VectorSpecies.of(element, VectorShape.forBitSize(bits));
    }

    /**
     * An instance of a kernel class for vectors of {@code bits}.
     *
     * @param seam the interface it implements
     * @param kernel a class of this package with a constructor without parameters, no nested
     *     classes and no lambdas
     */
    static <K> K kernels(Class<K> seam, Class<? extends K> kernel, int bits) {
        Lookup lookup = MethodHandles.lookup();
        try {
            Class<?> exact =
                    bits == preferredBits()
                            ? kernel
                            : lookup.defineHiddenClassWithClassData(bytecode(kernel), bits, true)
                                    .lookupClass();
            Lookup inside = MethodHandles.privateLookupIn(exact, lookup);
            return seam.cast(
                    inside.findConstructor(exact, MethodType.methodType(void.class)).invoke());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(kernel.getName() + " for " + bits + " bits", e);
        }
    }

    private static byte[] bytecode(Class<?> kernel) {
        String file = kernel.getSimpleName() + ".class";
        try (InputStream in = kernel.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no " + file + " beside the program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }
}
