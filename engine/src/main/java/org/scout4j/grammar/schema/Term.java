package org.scout4j.grammar.schema;

/**
 * A set of JSON values. Made by {@link Terms} only, which gives the same instance for the same
 * form.
 */
final class Term {
    private final int id;
    private final Form form;
    private final int all;
    private final int none;

    /**
     * @param id in order of making
     * @param all types of which it holds every value
     * @param none types of which it holds no value; what is in neither is not known
     */
    Term(int id, Form form, int all, int none) {
        this.id = id;
        this.form = form;
        this.all = all;
        this.none = none;
    }

    int id() {
        return id;
    }

    Form form() {
        return form;
    }

    /** Whether it holds every value of the type. */
    boolean holdsAll(int type) {
        return (all & type) == type;
    }

    /** Whether it certainly holds no value of the type; false may mean that it is not known. */
    boolean holdsNone(int type) {
        return (none & type) == type;
    }

    int all() {
        return all;
    }

    int none() {
        return none;
    }
}
