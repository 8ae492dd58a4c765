package org.scout4j.engine;

/** Tells the observer, whose mistakes are its own: they are logged once and change nothing. */
final class Reports {
    private static final System.Logger LOG = System.getLogger("org.scout4j.engine");

    private final EngineObserver observer;
    private boolean failed;

    Reports(EngineObserver observer) {
        this.observer = observer;
    }

    void stepped(StepReport report) {
        try {
            observer.stepped(report);
        } catch (Exception | LinkageError | AssertionError e) {
            note(e);
        }
    }

    void encoded(ImageReport report) {
        try {
            observer.encoded(report);
        } catch (Exception | LinkageError | AssertionError e) {
            note(e);
        }
    }

    void tokenFollowed(long nanos) {
        try {
            observer.tokenFollowed(nanos);
        } catch (Exception | LinkageError | AssertionError e) {
            note(e);
        }
    }

    void ended(GenerationReport report) {
        try {
            observer.ended(report);
        } catch (Exception | LinkageError | AssertionError e) {
            note(e);
        }
    }

    private void note(Throwable failure) {
        if (!failed) {
            failed = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The engine's observer has failed; further failures of it are not logged",
                    failure);
        }
    }
}
