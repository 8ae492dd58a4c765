/** Regular languages of Unicode text: ECMA-262 patterns, JSON Schema formats, numbers. */
@NullMarked
package org.scout4j.grammar.regex;

import org.jspecify.annotations.NullMarked;
