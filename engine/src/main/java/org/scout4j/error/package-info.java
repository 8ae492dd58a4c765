/**
 * What can go wrong, as a closed list of unchecked exceptions that tell their reader what to do.
 */
@NullMarked
package org.scout4j.error;

import org.jspecify.annotations.NullMarked;
