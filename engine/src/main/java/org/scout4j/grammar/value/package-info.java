/** Which JSON values are allowed, as a graph free of contradictions: what schemas become. */
@NullMarked
package org.scout4j.grammar.value;

import org.jspecify.annotations.NullMarked;
