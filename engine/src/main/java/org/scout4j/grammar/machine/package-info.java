/** The pushdown automaton that reads values byte by byte, and the token masks it gives. */
@NullMarked
package org.scout4j.grammar.machine;

import org.jspecify.annotations.NullMarked;
