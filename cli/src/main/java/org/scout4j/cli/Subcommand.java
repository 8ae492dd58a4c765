package org.scout4j.cli;

/** A subcommand whose flags have been parsed into it. */
interface Subcommand {

    /**
     * Does the work.
     *
     * @return the exit status
     * @throws org.scout4j.error.ScoutException if it cannot, with what its user can do
     */
    int run();

    /** The form of its output. */
    OutputFlags output();
}
