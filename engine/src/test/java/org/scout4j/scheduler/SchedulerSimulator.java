package org.scout4j.scheduler;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.scout4j.backend.Backend;
import org.scout4j.backend.KvPages;
import org.scout4j.backend.PageFormat;
import org.scout4j.cache.CacheShape;
import org.scout4j.cache.KvCache;
import org.scout4j.cache.LayerGroup;
import org.scout4j.cache.PageTable;
import org.scout4j.sampling.TokenHistory;

/**
 * The real scheduler, pools and prefix index under random events, with a shadow of what each cache
 * slot holds. Time is the count of steps. One seed, one run.
 *
 * <p>What is checked in each step: every visible position was written, for the very tokens that the
 * sequence has before it, by its own tenant, after its page was taken last; a page is written by
 * its only holder; no page is held that the pool thinks free; who is first in turn moves on; nobody
 * waits longer than a bound. At the end all pages are back.
 */
final class SchedulerSimulator {
    private static final int MOST_LENGTH = 90;

    /**
     * Steps that anybody waits at most while it could run: all that may be ahead of it one after
     * the other, and what four levels of priority outweigh.
     */
    private static final int MOST_WAIT = 45 * 2 * MOST_LENGTH + 4 * Scheduler.STEPS_OF_PRIORITY;

    private final long seed;
    private final SplittableRandom random;
    private final CacheShape shape;
    private final KvCache cache;
    private final Scheduler scheduler;
    private final int slots;
    private final int stepTokens;
    private final Step step;
    private final long[][] content = new long[LayerGroup.values().length][];
    private final int[][] prefixes = new int[4][];
    private final List<Guest> guests = new ArrayList<>();
    private long now;
    private long arrivals;

    /** Events so far: arrivals, rows, tokens, cancels, pauses. */
    long events;

    long preemptions;
    long cachedTokens;
    long pauses;

    /** A sequence and what the simulator knows of it. */
    private static final class Guest {
        final Sequence sequence;
        final String tenant;
        final int priority;
        final long arrived;
        final long turn;
        int wanted;
        int waited;
        boolean broken;

        Guest(Sequence sequence, String tenant, int priority, long arrived, long turn, int wanted) {
            this.sequence = sequence;
            this.tenant = tenant;
            this.priority = priority;
            this.arrived = arrived;
            this.turn = turn;
            this.wanted = wanted;
        }

        /** The order of turns, as the scheduler promises it. */
        static int inTurn(Guest a, Guest b) {
            long dueA = a.arrived - (long) Scheduler.STEPS_OF_PRIORITY * a.priority;
            long dueB = b.arrived - (long) Scheduler.STEPS_OF_PRIORITY * b.priority;
            return dueA != dueB ? Long.compare(dueA, dueB) : Long.compare(a.turn, b.turn);
        }
    }

    SchedulerSimulator(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        boolean local = random.nextInt(4) > 0;
        boolean global = !local || random.nextInt(8) > 0;
        this.shape =
                new CacheShape(
                        local ? 3 : 0,
                        global ? 1 : 0,
                        1,
                        2,
                        local ? random.nextInt(1, 40) : 0,
                        random.nextInt(1, 9));
        this.slots = random.nextInt(1, 9);
        this.stepTokens = slots + random.nextInt(30);
        int tightness = random.nextInt(1, 5);
        this.cache =
                new KvCache(
                        backend(),
                        shape,
                        pages(LayerGroup.LOCAL, tightness),
                        pages(LayerGroup.GLOBAL, tightness));
        this.scheduler = new Scheduler(cache, slots, stepTokens);
        this.step = new Step(slots, stepTokens, slots + random.nextInt(10));
        for (LayerGroup group : LayerGroup.values()) {
            int count = cache.pool(group).count();
            content[group.ordinal()] = new long[count * shape.pageTokens()];
        }
        for (int i = 0; i < prefixes.length; i++) {
            prefixes[i] = random.ints(MOST_LENGTH, 0, 50).toArray();
        }
    }

    private int pages(LayerGroup group, int tightness) {
        int one = shape.pages(group, MOST_LENGTH, stepTokens);
        return one + random.nextInt(one * tightness + 1);
    }

    /** Runs until so many events have happened, then lets everyone finish. */
    void run(long most) {
        double rate = random.nextDouble(0.05, 1.2);
        while (events < most) {
            if (guests.size() < 40 && random.nextDouble() < rate) {
                arrive();
            }
            disturb();
            turn();
        }
        guests.forEach(guest -> guest.sequence.pause(false));
        while (!guests.isEmpty()) {
            turn();
        }
        for (LayerGroup group : LayerGroup.values()) {
            require(
                    cache.pool(group).available() == cache.pool(group).count(),
                    "pages lost in " + group);
        }
        for (String salt : new String[] {"a", "b", "c"}) {
            cache.prefixes().forget(salt);
        }
        for (LayerGroup group : LayerGroup.values()) {
            require(cache.pool(group).free() == cache.pool(group).count(), "the index keeps pages");
        }
        require(cache.prefixes().size() == 0, "the index keeps blocks");
    }

    private void arrive() {
        String tenant = String.valueOf((char) ('a' + random.nextInt(3)));
        int length = random.nextInt(1, random.nextInt(2, MOST_LENGTH));
        int[] prompt = random.ints(length, 0, 50).toArray();
        int shared = random.nextInt(length + 1);
        System.arraycopy(prefixes[random.nextInt(prefixes.length)], 0, prompt, 0, shared);
        int answer = random.nextInt(MOST_LENGTH - length + 1);
        int priority = random.nextInt(6) == 0 ? random.nextInt(-2, 3) : 0;
        boolean promptLogits = random.nextInt(10) == 0;
        String salt = random.nextInt(8) == 0 ? null : tenant;
        Sequence leader = null;
        for (int n = random.nextInt(6) == 0 ? random.nextInt(2, 5) : 1; n > 0; n--) {
            Sequence sequence =
                    new Sequence(
                            TokenHistory.of(prompt),
                            cache.newTable(),
                            answer,
                            promptLogits,
                            new Placement(priority, salt, leader));
            if (leader == null && !promptLogits) {
                leader = sequence;
            }
            scheduler.add(sequence);
            int wanted = answer == 0 ? 0 : random.nextInt(1, answer + 1);
            guests.add(new Guest(sequence, tenant, priority, now, arrivals++, wanted));
            events++;
        }
    }

    private void disturb() {
        if (guests.isEmpty() || random.nextInt(8) > 0) {
            return;
        }
        Guest guest = guests.get(random.nextInt(guests.size()));
        events++;
        switch (random.nextInt(6)) {
            case 0 -> leave(guest);
            case 1 -> {
                guest.sequence.pause(true);
                pauses++;
            }
            case 2 -> guest.broken = true;
            default -> guests.forEach(any -> any.sequence.pause(false));
        }
    }

    private void leave(Guest guest) {
        guests.remove(guest);
        scheduler.remove(guest.sequence);
    }

    private void turn() {
        noteFree();
        scheduler.plan(step);
        now++;
        preemptions += scheduler.preemptions();
        checkPools();
        checkTurn();
        for (int entry = 0; entry < step.size(); entry++) {
            write(entry);
        }
        for (int entry = 0; entry < step.size(); entry++) {
            read(entry);
        }
        events += step.batch().rows();
        for (int entry = 0; entry < step.size(); entry++) {
            complete(guest(step.sequence(entry)), entry);
        }
    }

    /** Content of free pages is gone, whatever their next holder does. */
    private void noteFree() {
        for (LayerGroup group : LayerGroup.values()) {
            for (int page = 0; page < cache.pool(group).count(); page++) {
                if (cache.pool(group).holders(page) == 0) {
                    poison(group, page);
                }
            }
        }
    }

    private void poison(LayerGroup group, int page) {
        for (int i = 0; i < shape.pageTokens(); i++) {
            content[group.ordinal()][page * shape.pageTokens() + i] = 0;
        }
    }

    /** Every page counts as many sequences among its holders as have it in their tables. */
    private void checkPools() {
        for (LayerGroup group : LayerGroup.values()) {
            int[] held = new int[cache.pool(group).count()];
            for (Guest guest : guests) {
                PageTable table = guest.sequence.table();
                for (int i = 0; i < table.pageCount(group); i++) {
                    held[table.pages(group)[i]]++;
                }
            }
            int used = 0;
            for (int page = 0; page < held.length; page++) {
                int holders = cache.pool(group).holders(page);
                require(holders == held[page] || holders == held[page] + 1, "holders of a page");
                used += held[page] > 0 ? 1 : 0;
            }
            require(held.length - cache.pool(group).available() == used, "pages in use");
        }
    }

    /** Who is first in turn among those that hold a slot moves on, and nobody waits for ever. */
    private void checkTurn() {
        Guest first = null;
        boolean anyReady = false;
        for (Guest guest : guests) {
            Sequence sequence = guest.sequence;
            anyReady |= sequence.ready();
            if (sequence.paused() || !sequence.secured && sequence.computed() == 0) {
                continue;
            }
            if (first == null || Guest.inTurn(guest, first) < 0) {
                first = guest;
            }
        }
        if (first != null) {
            require(planned(first.sequence), "the first in turn stands still");
        }
        require(step.size() > 0 || !anyReady, "nothing is planned for those that could run");
        for (Guest guest : guests) {
            guest.waited = planned(guest.sequence) ? 0 : guest.waited;
            guest.waited += guest.sequence.ready() ? 1 : 0;
            require(guest.waited < MOST_WAIT, "waits for ever");
        }
    }

    private boolean planned(Sequence sequence) {
        for (int entry = 0; entry < step.size(); entry++) {
            if (step.sequence(entry) == sequence) {
                return true;
            }
        }
        return false;
    }

    private void write(int entry) {
        Sequence sequence = step.sequence(entry);
        for (LayerGroup group : LayerGroup.values()) {
            if (shape.layers(group) == 0) {
                continue;
            }
            for (int p = step.firstPosition(entry); p <= step.lastPosition(entry); p++) {
                int slot = sequence.table().slot(group, p);
                int page = slot / shape.pageTokens();
                require(cache.pool(group).holders(page) == 1, "a shared page is written");
                content[group.ordinal()][slot] = -1; // overwritten: nobody else may read it now
            }
        }
        long[] meaning = meanings(guest(sequence), step.lastPosition(entry));
        for (LayerGroup group : LayerGroup.values()) {
            if (shape.layers(group) > 0) {
                for (int p = step.firstPosition(entry); p <= step.lastPosition(entry); p++) {
                    content[group.ordinal()][sequence.table().slot(group, p)] = meaning[p];
                }
            }
        }
    }

    /** What the slot of each position must hold: a hash of tenant, position and all tokens. */
    private static long[] meanings(Guest guest, int last) {
        long[] meanings = new long[last + 1];
        long hash = guest.sequence.placement().prefixSalt() == null ? 7 : guest.tenant.charAt(0);
        for (int p = 0; p <= last; p++) {
            hash = (hash ^ guest.sequence.history().token(p) + 1) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
            meanings[p] = hash | 1;
        }
        return meanings;
    }

    private void read(int entry) {
        Sequence sequence = step.sequence(entry);
        int first = step.firstPosition(entry);
        int last = step.lastPosition(entry);
        long[] meanings = meanings(guest(sequence), last);
        for (LayerGroup group : LayerGroup.values()) {
            if (shape.layers(group) > 0) {
                for (int p = shape.firstVisible(group, first); p <= last; p++) {
                    long found = content[group.ordinal()][sequence.table().slot(group, p)];
                    require(found == meanings[p], "position " + p + " is not what was written");
                }
            }
        }
    }

    private void complete(Guest guest, int entry) {
        Sequence sequence = guest.sequence;
        if (step.logitsTo(entry) > step.logitsFrom(entry)) {
            if (guest.broken) {
                leave(guest);
                return;
            }
            sequence.keep(cache.prefixes());
        }
        sequence.table().releaseFinishedChunks();
        cachedTokens += sequence.history().answerLength() == 0 ? sequence.cachedTokens() : 0;
        if (sequence.pending() == 0) {
            if (sequence.history().answerLength() < guest.wanted) {
                sequence.history().append(random.nextInt(3));
            }
            if (sequence.history().answerLength() == guest.wanted) {
                leave(guest);
            }
        }
    }

    private Guest guest(Sequence sequence) {
        for (Guest guest : guests) {
            if (guest.sequence == sequence) {
                return guest;
            }
        }
        throw new AssertionError("seed " + seed + ": a sequence that has left was planned");
    }

    private void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("seed " + seed + ", step " + now + ": " + what);
        }
    }

    private static KvPages noPages(Object[] arguments) {
        PageFormat format = (PageFormat) arguments[0];
        int count = (Integer) arguments[1];
        return new NoPages(format, count);
    }

    private static Backend backend() {
        return (Backend)
                Proxy.newProxyInstance(
                        Backend.class.getClassLoader(),
                        new Class<?>[] {Backend.class},
                        (proxy, method, arguments) -> noPages(arguments));
    }

    private record NoPages(PageFormat format, int count) implements KvPages {
        @Override
        public void poison(int page) {}
    }
}
