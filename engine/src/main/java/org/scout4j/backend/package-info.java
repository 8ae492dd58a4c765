/** Operations on tensors that every kind of hardware offers, and the choice between them. */
@NullMarked
package org.scout4j.backend;

import org.jspecify.annotations.NullMarked;
