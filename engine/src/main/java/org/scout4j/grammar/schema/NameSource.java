package org.scout4j.grammar.schema;

import org.scout4j.grammar.regex.TextDfa;

/** Tells which strings a term holds, for terms about names of members. */
interface NameSource {
    TextDfa names(Term term);
}
