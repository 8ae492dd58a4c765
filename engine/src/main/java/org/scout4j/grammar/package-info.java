/**
 * What an answer may be, token by token: JSON Schema, regular expressions and choices become
 * automata, and these become masks over the vocabulary.
 */
@NullMarked
package org.scout4j.grammar;

import org.jspecify.annotations.NullMarked;
