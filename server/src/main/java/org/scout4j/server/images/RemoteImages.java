package org.scout4j.server.images;

import java.net.InetAddress;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.scout4j.error.Cancelled;
import org.scout4j.server.Exchange;
import org.scout4j.server.ImageFetchReport;
import org.scout4j.server.ImageFetchReport.Outcome;
import org.scout4j.server.ServerOptions;

/**
 * Fetches images from the hosts that the operator allows, a bounded number at a time (spec
 * "Threats" §2). One for a server; thread-safe.
 */
public final class RemoteImages {
    private static final System.Logger LOG = System.getLogger("org.scout4j.server");

    private final ServerOptions.ImageRules rules;
    private final AllowedHosts hosts;
    private final ImageDownload download;
    private final Limits limits;
    private final Semaphore places;
    private final Consumer<ImageFetchReport> observer;

    /**
     * What fetching may cost.
     *
     * @param time longest for one image, from the wish to its last byte
     * @param atOneTime most at one time, for all requests together
     */
    record Limits(Duration time, int atOneTime) {
        static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), 16);
    }

    RemoteImages(
            ServerOptions.ImageRules rules,
            ImageDownload download,
            Limits limits,
            Consumer<ImageFetchReport> observer) {
        this.rules = rules;
        this.hosts = new AllowedHosts(rules.hosts());
        this.download = download;
        this.limits = limits;
        this.places = new Semaphore(limits.atOneTime(), true);
        this.observer = observer;
    }

    /**
     * Fetches as the rules say, and tells how each attempt ended.
     *
     * @throws org.scout4j.error.InvalidRequest if the rules name what is no host
     */
    public static RemoteImages of(
            ServerOptions.ImageRules rules, Consumer<ImageFetchReport> observer) {
        ImageDownload download =
                new ImageDownload(
                        host -> List.of(InetAddress.getAllByName(host)),
                        PublicAddresses::has,
                        systemTrust(),
                        rules.bytes());
        return new RemoteImages(rules, download, Limits.DEFAULT, observer);
    }

    private static SSLContext systemTrust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** The images of one request that is about to be read. */
    public RequestImages ofRequest() {
        return new RequestImages(rules, this);
    }

    boolean allowsNone() {
        return hosts.none();
    }

    /** Where to fetch from, if the URL may be fetched. */
    Optional<URI> admit(String url) {
        return hosts.admit(url);
    }

    /**
     * Fetches images side by side. The first that fails, in the order they are given, ends it.
     *
     * @param wanted all different
     * @throws NotFetched with the one that failed
     * @throws Cancelled if the client leaves
     */
    Map<URI, byte[]> fetch(List<URI> wanted, Exchange exchange) throws NotFetched {
        long deadline = System.nanoTime() + limits.time().toNanos();
        AtomicLong allowance = new AtomicLong(rules.requestBytes());
        AtomicBoolean gone = new AtomicBoolean();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        // Not closed by waiting: a look-up of a name cannot be interrupted.
        try {
            List<Future<byte[]>> coming = new ArrayList<>();
            for (URI uri : wanted) {
                coming.add(threads.submit(() -> one(uri, deadline, allowance, gone)));
            }
            exchange.whenClientGone(() -> {
                gone.set(true);
                threads.shutdownNow();
            });
            Map<URI, byte[]> images = new LinkedHashMap<>();
            for (int i = 0; i < coming.size(); i++) {
                try {
                    images.put(wanted.get(i), await(coming.get(i), deadline));
                } catch (FetchFailed failed) {
                    if (gone.get()) {
                        throw new Cancelled();
                    }
                    throw new NotFetched(wanted.get(i), failed.outcome());
                }
            }
            return images;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Which image could not be had. */
    static final class NotFetched extends Exception {
        private static final long serialVersionUID = 1;

        private final URI uri;
        private final Outcome outcome;

        NotFetched(URI uri, Outcome outcome) {
            super(outcome.name());
            this.uri = uri;
            this.outcome = outcome;
        }

        URI uri() {
            return uri;
        }

        Outcome outcome() {
            return outcome;
        }
    }

    private static byte[] await(Future<byte[]> image, long deadline) throws FetchFailed {
        try {
            return image.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FetchFailed failed
                    ? failed
                    : new FetchFailed(Outcome.UNREACHABLE);
        } catch (TimeoutException e) {
            throw new FetchFailed(Outcome.TIMED_OUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled();
        }
    }

    /** On a thread of its own, which is interrupted when nobody waits any more. */
    private byte[] one(URI uri, long deadline, AtomicLong allowance, AtomicBoolean gone)
            throws FetchFailed {
        long begun = System.nanoTime();
        Outcome outcome = Outcome.UNREACHABLE;
        try {
            byte[] image = inPlace(uri, deadline, allowance);
            outcome = Outcome.FETCHED;
            return image;
        } catch (FetchFailed failed) {
            boolean early = failed.outcome() == Outcome.TIMED_OUT && System.nanoTime() < deadline;
            outcome = gone.get() || early ? Outcome.CANCELLED : failed.outcome();
            throw failed;
        } finally {
            tell(uri.getHost(), outcome, System.nanoTime() - begun);
        }
    }

    private byte[] inPlace(URI uri, long deadline, AtomicLong allowance) throws FetchFailed {
        try {
            long longest = deadline - limits.time().toNanos() / 2 - System.nanoTime();
            if (!places.tryAcquire(longest, TimeUnit.NANOSECONDS)) {
                throw new FetchFailed(Outcome.BUSY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchFailed(Outcome.TIMED_OUT);
        }
        try {
            return download.get(uri, deadline, allowance);
        } finally {
            places.release();
        }
    }

    private void tell(String host, Outcome outcome, long nanos) {
        if (outcome != Outcome.FETCHED && outcome != Outcome.CANCELLED) {
            LOG.log(System.Logger.Level.INFO, "no image from " + host + ": " + outcome);
        }
        observer.accept(new ImageFetchReport(host, outcome, Duration.ofNanos(nanos)));
    }
}
