package org.scout4j.cli;

/** Entry point of the {@code scout4j} command. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("scout4j");
    }
}
