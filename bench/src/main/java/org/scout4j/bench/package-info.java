/** JMH microbenchmarks of the kernels and the hot paths. */
@NullMarked
package org.scout4j.bench;

import org.jspecify.annotations.NullMarked;
