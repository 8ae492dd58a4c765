package org.scout4j.grammar.schema;

/** What a conjunction of terms says about values of one type, collected term by term. */
sealed interface Rules permits NumberRules, TextRules, ArrayRules, ObjectRules {
    /** Adds what a form says; it must be about this type. False if nothing can satisfy it now. */
    boolean add(Form form);

    /** Grows whenever a form said something new. */
    int changes();

    Rules copy();
}
