/**
 * The images of requests: those they bring along, and those fetched from hosts that are allowed.
 */
@NullMarked
package org.scout4j.server.images;

import org.jspecify.annotations.NullMarked;
