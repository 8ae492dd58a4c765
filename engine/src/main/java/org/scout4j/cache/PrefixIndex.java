package org.scout4j.cache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which prefixes are in the cache, page by page: a sequence that begins like an earlier one of the
 * same owner shares its pages instead of computing them again. The keys and values of a page depend
 * on the tokens up to its end, on the images that their patch tokens show and on nothing else, so
 * they are the same bits wherever computed.
 *
 * <p>Blocks are found by a hash of all tokens and images before and in them and of the owner's
 * salt, and compared token by token, image by image then. Owners never find each other's (spec
 * "Reliability" §9).
 *
 * <p>A prefix can be used if its global pages are there, and the local pages from the start of the
 * chunk that the next position falls in. Without global layers nothing is kept: no known model is
 * like that.
 *
 * <p>Pages that only the index holds go when others need them: first those of the owner that has
 * most, if it has more than an even share of the index, and of those the longest unused. Not
 * thread-safe: it belongs to the engine's loop.
 */
public final class PrefixIndex {
    private final CacheShape shape;
    private final PagePool local;
    private final PagePool global;
    private final BlockHash hash;
    private final Map<BlockHash.Digest, PrefixBlock> blocks = new HashMap<>();
    private final Map<String, PrefixOwner> owners = new LinkedHashMap<>();
    private final @Nullable PrefixBlock[] ofLocalPage;
    private final @Nullable PrefixBlock[] ofGlobalPage;
    private final List<PrefixBlock> path = new ArrayList<>();
    private long events;

    PrefixIndex(CacheShape shape, PagePool local, PagePool global, BlockHash hash) {
        this.shape = shape;
        this.local = local;
        this.global = global;
        this.hash = hash;
        this.ofLocalPage = new PrefixBlock[local.count()];
        this.ofGlobalPage = new PrefixBlock[global.count()];
        local.attach(new GroupIndex(LayerGroup.LOCAL));
        global.attach(new GroupIndex(LayerGroup.GLOBAL));
    }

    /**
     * Begins an empty sequence with the longest prefix that is there.
     *
     * @param tokens all tokens of the sequence, read up to {@code limit}
     * @param limit longest prefix wanted
     * @param table receives the pages
     * @return positions that need not be computed
     */
    public int match(String salt, int[] tokens, int limit, PageTable table) {
        PrefixOwner owner = owners.get(salt);
        if (owner == null) {
            return 0;
        }
        PrefixBlock last = null;
        BlockHash.Digest digest = owner.root;
        int size = shape.pageTokens();
        for (int from = 0; from <= limit - size; from += size) {
            List<ImageSpan> shown = ImageSpan.within(table.images(), from, size);
            digest = hash.block(digest, tokens, from, size, shown);
            PrefixBlock block = blocks.get(digest);
            if (block == null || !block.is(owner, last, tokens, from, shown)) {
                break;
            }
            path.add(block);
            last = block;
        }
        int usable = usable();
        if (usable > 0) {
            table.begin(path, usable);
            table.knownBlocks = usable;
            table.lastKnown = path.get(usable - 1);
        }
        path.clear();
        return usable * size;
    }

    /** The most blocks of the path whose local pages are there as far as they will be seen. */
    private int usable() {
        if (shape.localLayers() == 0) {
            return path.size();
        }
        int usable = 0;
        int firstThere = 0; // of the blocks with local pages that end with the last one seen
        for (int count = 1; count <= path.size(); count++) {
            if (path.get(count - 1).page(LayerGroup.LOCAL) < 0) {
                firstThere = count;
            }
            int seen = shape.firstVisible(LayerGroup.LOCAL, count * shape.pageTokens());
            if (firstThere <= seen / shape.pageTokens()) {
                usable = count;
            }
        }
        return usable;
    }

    /**
     * Keeps the full pages of a sequence for others, as far as the index does not know them yet.
     * Where it knows pages of the same content, the sequence shares them from now on and gives its
     * own back. To be called before {@link PageTable#releaseFinishedChunks}, and only when the
     * pages are known to be sound.
     *
     * @param tokens all tokens of the sequence
     */
    public void keep(String salt, int[] tokens, PageTable table) {
        int size = shape.pageTokens();
        if (shape.globalLayers() == 0 || (table.knownBlocks + 1) * size > table.length()) {
            return;
        }
        PrefixOwner owner = owners.get(salt);
        if (owner == null) {
            owner = new PrefixOwner(salt, hash.root(salt));
            owners.put(salt, owner);
        }
        while ((table.knownBlocks + 1) * size <= table.length()) {
            int from = table.knownBlocks * size;
            PrefixBlock parent = table.lastKnown;
            BlockHash.Digest before = parent == null ? owner.root : parent.digest;
            List<ImageSpan> shown = ImageSpan.within(table.images(), from, size);
            BlockHash.Digest digest = hash.block(before, tokens, from, size, shown);
            PrefixBlock block = blocks.get(digest);
            if (block == null) {
                int[] own = Arrays.copyOfRange(tokens, from, from + size);
                int page = table.pageAt(LayerGroup.GLOBAL, from);
                block = new PrefixBlock(digest, owner, parent, own, shown, page);
                add(block);
            } else if (block.is(owner, parent, tokens, from, shown)) {
                share(block, LayerGroup.GLOBAL, table, from);
            } else {
                return; // equal hashes of different blocks: the first one stays
            }
            keepLocal(block, table, from);
            table.knownBlocks++;
            table.lastKnown = block;
        }
    }

    private void add(PrefixBlock block) {
        blocks.put(block.digest, block);
        hold(block, LayerGroup.GLOBAL);
    }

    private void keepLocal(PrefixBlock block, PageTable table, int from) {
        int page = shape.localLayers() == 0 ? -1 : table.pageAt(LayerGroup.LOCAL, from);
        if (page < 0) {
            return;
        }
        if (block.page(LayerGroup.LOCAL) < 0) {
            block.localPage(page);
            hold(block, LayerGroup.LOCAL);
        } else {
            share(block, LayerGroup.LOCAL, table, from);
        }
    }

    private void hold(PrefixBlock block, LayerGroup group) {
        int page = block.page(group);
        pool(group).keep(page);
        ofPage(group)[page] = block;
        block.owner.share(group).pages++;
    }

    private static void share(PrefixBlock block, LayerGroup group, PageTable table, int from) {
        if (table.pageAt(group, from) != block.page(group)) {
            table.replace(group, from, block.page(group));
        }
    }

    /** Drops everything of an owner, of whom no sequence may hold a page any more. */
    public void forget(String salt) {
        PrefixOwner owner = owners.get(salt);
        if (owner != null) {
            for (PrefixBlock block : List.copyOf(owner.share(LayerGroup.GLOBAL).idle)) {
                remove(block);
            }
        }
    }

    /** Blocks in the index. */
    public int size() {
        return blocks.size();
    }

    private void remove(PrefixBlock block) {
        blocks.remove(block.digest);
        if (block.page(LayerGroup.LOCAL) >= 0) {
            drop(block, LayerGroup.LOCAL);
        }
        drop(block, LayerGroup.GLOBAL);
        if (block.owner.share(LayerGroup.GLOBAL).pages == 0) {
            owners.remove(block.owner.salt);
        }
    }

    private void drop(PrefixBlock block, LayerGroup group) {
        int page = block.page(group);
        PrefixOwner.Share share = block.owner.share(group);
        share.idle.remove(block);
        share.pages--;
        ofPage(group)[page] = null;
        if (group == LayerGroup.LOCAL) {
            block.localPage(-1);
        }
        pool(group).drop(page);
    }

    private void evict(LayerGroup group) {
        PrefixBlock victim = victim(group);
        if (group == LayerGroup.GLOBAL) {
            remove(victim);
        } else {
            drop(victim, LayerGroup.LOCAL);
        }
    }

    private PrefixBlock victim(LayerGroup group) {
        long all = 0;
        for (PrefixOwner owner : owners.values()) {
            all += owner.share(group).pages;
        }
        PrefixBlock oldest = null;
        PrefixBlock ofLargest = null;
        int largest = 0;
        for (PrefixOwner owner : owners.values()) {
            PrefixOwner.Share share = owner.share(group);
            PrefixBlock first = share.longestIdle();
            if (first == null) {
                continue;
            }
            if (oldest == null || first.idleSince(group) < oldest.idleSince(group)) {
                oldest = first;
            }
            if (share.pages > largest && (long) share.pages * owners.size() > all) {
                largest = share.pages;
                ofLargest = first;
            }
        }
        PrefixBlock victim = ofLargest == null ? oldest : ofLargest;
        if (victim == null) {
            throw new IllegalStateException("no idle cache page");
        }
        return victim;
    }

    private PagePool pool(LayerGroup group) {
        return group == LayerGroup.LOCAL ? local : global;
    }

    private @Nullable PrefixBlock[] ofPage(LayerGroup group) {
        return group == LayerGroup.LOCAL ? ofLocalPage : ofGlobalPage;
    }

    /** The index as one pool sees it. */
    private final class GroupIndex implements PagePool.Index {
        private final LayerGroup group;

        GroupIndex(LayerGroup group) {
            this.group = group;
        }

        @Override
        public void idle(int page) {
            PrefixBlock block = block(page);
            block.idleSince(group, events++);
            block.owner.share(group).idle.addLast(block);
        }

        @Override
        public void used(int page) {
            PrefixBlock block = block(page);
            block.owner.share(group).idle.remove(block);
        }

        @Override
        public void evict() {
            PrefixIndex.this.evict(group);
        }

        private PrefixBlock block(int page) {
            PrefixBlock block = ofPage(group)[page];
            if (block == null) {
                throw new IllegalStateException("cache page " + page + " is not in the index");
            }
            return block;
        }
    }
}
