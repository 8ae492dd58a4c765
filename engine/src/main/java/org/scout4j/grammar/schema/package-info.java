/** JSON Schema, read and reduced to a graph of values. */
@NullMarked
package org.scout4j.grammar.schema;

import org.jspecify.annotations.NullMarked;
